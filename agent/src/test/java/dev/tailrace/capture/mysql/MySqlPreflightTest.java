package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.journal.Tail;
import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real MySQL lacks is found, and the remedy of each finding mends it. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlPreflightTest {
    private static final Tail NEW = new Tail(Optional.empty(), Tail.Snapshot.NONE, -1, 0, Map.of(), 0);

    /** Its settings are changed. */
    private static MysqlServer server;

    private MySqlDatabase source;

    @BeforeAll
    static void start() throws Exception {
        server = TestServers.newMysql(TestServers.GTID.toArray(String[]::new));
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void database() throws Exception {
        source = new MySqlDatabase(server);
        source.run("CREATE TABLE item (id INT PRIMARY KEY, name TEXT)");
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    private List<Finding> preflight(String user, String... tables) {
        return source.definition(user, "w", SnapshotMode.INITIAL, tables).preflight(Optional.of(NEW));
    }

    private List<Finding> asRoot(String... tables) {
        return source.definition("root", "", SnapshotMode.INITIAL, tables).preflight(Optional.of(NEW));
    }

    private String all() {
        return source.name() + ".*";
    }

    /** Runs what a finding says, as root: the statements alone, without what is said around them. */
    private void mend(Finding finding) throws Exception {
        List<String> statements = Pattern.compile("(GRANT|SET) [^;]*")
                .matcher(finding.remedy())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(statements).isNotEmpty();
        source.run(statements.toArray(String[]::new));
    }

    @Test
    void findsNothingAtAHealthySource() throws Exception {
        assertThat(asRoot(all())).isEmpty();
        assertThat(source.definition().preflight(Optional.empty())).isEmpty();
        source.user(
                "reader",
                "GRANT REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO reader",
                "GRANT SELECT ON " + all() + " TO reader");
        assertThat(preflight("reader", all())).isEmpty();
    }

    @Test
    void tellsAnUnreachableServerFromARefusedLogin() throws Exception {
        MySqlSettings good = source.settings("root", "", SnapshotMode.INITIAL, all());
        assertThat(new MySqlSource(at(1, good)).preflight(Optional.of(NEW)))
                .singleElement()
                .extracting(Finding::code, Finding::severity)
                .containsExactly("SOURCE-UNREACHABLE", Severity.TRANSIENT);
        source.user("stranger");
        Finding refused = source.definition("stranger", "Hush-1", SnapshotMode.INITIAL, all())
                .preflight(Optional.of(NEW))
                .get(0);
        assertThat(refused.code()).isEqualTo("SOURCE-LOGIN-REFUSED");
        assertThat(refused.severity()).isEqualTo(Severity.FATAL);
        assertThat(refused.toString()).doesNotContain("Hush-1");
    }

    private static MySqlSettings at(int port, MySqlSettings settings) {
        SourceSettings common = settings.common();
        return new MySqlSettings(
                new SourceSettings(
                        common.type(),
                        common.host(),
                        port,
                        common.user(),
                        common.password(),
                        common.tables(),
                        common.snapshot(),
                        common.sslMode(),
                        common.connectTimeout(),
                        common.debezium()),
                settings.serverId(),
                settings.zeroDates());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "REPLICATION CLIENT, RELOAD; REPLICATION SLAVE",
                "REPLICATION SLAVE, RELOAD; REPLICATION CLIENT",
                "REPLICATION SLAVE, REPLICATION CLIENT; RELOAD",
                "REPLICATION SLAVE, REPLICATION CLIENT, FLUSH_TABLES; RELOAD",
                "USAGE; REPLICATION SLAVE, REPLICATION CLIENT, RELOAD"
            })
    void namesEachMissingRightWithTheGrantThatMendsIt(String given, String missing) throws Exception {
        source.user("weak", "GRANT SELECT ON " + all() + " TO weak");
        for (String right : given.split(", ")) {
            source.run("GRANT " + right + " ON *.* TO weak");
        }
        List<Finding> findings = preflight("weak", all());
        assertThat(codes(findings)).containsExactly("SOURCE-REPLICATION-RIGHT");
        assertThat(findings.get(0).message()).isEqualTo("user weak lacks " + missing);
        mend(findings.get(0));
        assertThat(preflight("weak", all())).isEmpty();
    }

    @Test
    void grantsToTheAccountThatLogsIn() throws Exception {
        source.user("'o''dd n@me'@'127.0.0.1'", "GRANT INSERT ON " + all() + " TO 'o''dd n@me'@'127.0.0.1'");
        source.run("CREATE TABLE `t ``q``'s` (id INT PRIMARY KEY)");
        List<Finding> findings = preflight("o'dd n@me", all());
        assertThat(codes(findings)).containsExactly("SOURCE-REPLICATION-RIGHT", "SOURCE-SELECT-RIGHT");
        for (Finding finding : findings) {
            mend(finding);
        }
        assertThat(preflight("o'dd n@me", all())).isEmpty();
    }

    /** Of tables that a user may do nothing with, MySQL does not even tell him that they exist. */
    @Test
    void grantsSelectOnWhatIsNotSeen() throws Exception {
        source.user("blind", "GRANT REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO blind");
        for (String glob : List.of(source.name() + ".item", all())) {
            List<Finding> findings = preflight("blind", glob);
            assertThat(codes(findings)).containsExactly("SOURCE-NO-TABLE");
            mend(findings.get(0));
            assertThat(preflight("blind", glob)).isEmpty();
            source.run("REVOKE SELECT ON " + source.name() + (glob.equals(all()) ? ".*" : ".item") + " FROM blind");
        }
        mend(preflight("blind", "*.it?m").get(0));
        assertThat(codes(preflight("blind", source.name() + ".it?m"))).isEmpty();
        assertThat(codes(asRoot("none.*"))).containsExactly("SOURCE-NO-TABLE");
    }

    @Test
    void countsTheRightsOfRoles() throws Exception {
        source.user("bearer");
        source.run(
                "DROP ROLE IF EXISTS capture, logreader",
                "CREATE ROLE capture, logreader",
                "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO logreader",
                "GRANT logreader TO capture",
                "GRANT RELOAD ON *.* TO capture",
                "GRANT SELECT ON " + all() + " TO capture",
                "GRANT capture TO bearer");
        assertThat(codes(preflight("bearer", all()))).containsExactly("SOURCE-REPLICATION-RIGHT", "SOURCE-NO-TABLE");
        source.run("ALTER USER bearer DEFAULT ROLE capture");
        assertThat(preflight("bearer", all())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "binlog_format, 'STATEMENT', SOURCE-BINLOG-FORMAT",
        "binlog_format, 'MIXED', SOURCE-BINLOG-FORMAT",
        "binlog_row_image, 'MINIMAL', SOURCE-BINLOG-ROW-IMAGE",
        "binlog_row_image, 'NOBLOB', SOURCE-BINLOG-ROW-IMAGE",
        "binlog_row_value_options, 'PARTIAL_JSON', SOURCE-BINLOG-PARTIAL-JSON",
        "binlog_transaction_compression, ON, SOURCE-BINLOG-COMPRESSED"
    })
    void findsASettingThatHidesChangesAndMendsIt(String variable, String value, String code) throws Exception {
        source.run("SET GLOBAL " + variable + " = " + (value.equals("ON") ? value : "'" + value + "'"));
        List<Finding> findings = asRoot(all());
        assertThat(codes(findings)).containsExactly(code);
        assertThat(findings.get(0).severity()).isEqualTo(Severity.FATAL);
        mend(findings.get(0));
        assertThat(asRoot(all())).isEmpty();
    }

    @Test
    void warnsOfAShortRetention() throws Exception {
        source.run("SET GLOBAL binlog_expire_logs_seconds = 3600");
        List<Finding> findings = asRoot(all());
        assertThat(codes(findings)).containsExactly("SOURCE-BINLOG-RETENTION");
        assertThat(findings.get(0).severity()).isEqualTo(Severity.WARNING);
        mend(findings.get(0));
        assertThat(asRoot(all())).isEmpty();
        source.run("SET GLOBAL binlog_expire_logs_auto_purge = OFF", "SET GLOBAL binlog_expire_logs_seconds = 3600");
        assertThat(asRoot(all())).isEmpty(); // nothing is deleted then
        source.run("SET GLOBAL binlog_expire_logs_auto_purge = ON", "SET GLOBAL binlog_expire_logs_seconds = 604800");
    }

    @Test
    void findsAServerWithoutALogAndANumberThatIsTaken() throws Exception {
        int number = MySqlSettings.defaultServerId(source.name());
        server.restart("--skip-log-bin", "--server-id=" + number, "--gtid-mode=OFF", "--enforce-gtid-consistency=OFF");
        assertThat(codes(asRoot(all()))).containsExactly("SOURCE-BINLOG-OFF", "SOURCE-SERVER-ID");
        server.restart();
        assertThat(asRoot(all())).isEmpty();
    }

    @Test
    void warnsOfTablesThatComeOnlyInPart() throws Exception {
        source.run(
                "CREATE TABLE keyless (a INT)",
                "CREATE TABLE isam (a INT PRIMARY KEY) ENGINE = MyISAM",
                "CREATE TABLE faces (a ENUM('x😀') PRIMARY KEY) CHARACTER SET utf8mb4",
                "CREATE TABLE plain (a ENUM('x?') PRIMARY KEY) CHARACTER SET latin1",
                "CREATE VIEW v AS SELECT id FROM item");
        List<Finding> findings = asRoot(all());
        assertThat(findings)
                .extracting(Finding::code, Finding::severity)
                .containsExactly(
                        tuple("SOURCE-KEYLESS", Severity.WARNING),
                        tuple("SOURCE-ENGINE", Severity.WARNING),
                        tuple("SOURCE-MEMBERS", Severity.WARNING));
        assertThat(findings.get(0).message()).startsWith(source.name() + ".keyless ");
        assertThat(findings.get(1).message()).startsWith(source.name() + ".isam ");
        assertThat(findings.get(2).message()).startsWith(source.name() + ".faces have");
        // the server stores its own tables in other ways
        assertThat(codes(asRoot(all(), "mysql.*", "*.*")))
                .containsOnly("SOURCE-GLOB-UNMATCHED", "SOURCE-KEYLESS", "SOURCE-ENGINE", "SOURCE-MEMBERS");
    }

    @Test
    void refusesMariaDbAndOldServers() throws Exception {
        MySqlSettings settings = source.settings("root", "", SnapshotMode.INITIAL, all());
        MySqlState state;
        try (Connection connection = MySqlConnections.open(settings)) {
            state = MySqlStateReader.read(connection, settings);
        }
        assertThat(MySqlChecks.check(settings, state)).isEmpty();
        assertThat(codes(MySqlChecks.check(settings, of("11.4.2-MariaDB", true, state))))
                .containsExactly("SOURCE-FLAVOR");
        assertThat(codes(MySqlChecks.check(settings, of("5.7.44-log", false, state))))
                .containsExactly("SOURCE-VERSION-OLD");
        assertThat(codes(MySqlChecks.check(settings, of("8.0.30", false, state))))
                .isEmpty();
    }

    /** As another server would tell of itself; MariaDB knows no binary log setting of MySQL's. */
    private static MySqlState of(String version, boolean mariaDb, MySqlState state) {
        return new MySqlState(
                version,
                mariaDb,
                mariaDb ? "" : state.uuid(),
                state.serverId(),
                state.binlog(),
                mariaDb ? "MIXED" : state.format(),
                state.rowImage(),
                state.partialJson(),
                state.compressed(),
                state.caseless(),
                !mariaDb && state.gtidMode(),
                mariaDb ? Gtids.NONE : state.executed(),
                mariaDb ? Gtids.NONE : state.purged(),
                state.retentionSeconds(),
                state.log(),
                mariaDb ? Set.of("ALL PRIVILEGES") : state.rights(),
                state.account(),
                state.tables());
    }
}
