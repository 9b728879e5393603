package dev.tailrace.capture.mysql;

import static dev.tailrace.capture.SourceErrors.fatal;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What stands between the agent and a source that can be reached, apart from the journal: settings, rights, tables. */
final class MySqlChecks {
    /** Tables named in full in one message; the others are counted. */
    private static final int NAMED = 20;

    private static final int OLDEST = 8;
    private static final long SHORT_RETENTION_SECONDS = 24 * 3600;

    private final MySqlSettings settings;
    private final MySqlState state;
    private final List<Finding> findings = new ArrayList<>();

    private MySqlChecks(MySqlSettings settings, MySqlState state) {
        this.settings = settings;
        this.state = state;
    }

    static List<Finding> check(MySqlSettings settings, MySqlState state) {
        MySqlChecks checks = new MySqlChecks(settings, state);
        checks.server();
        if (state.binlog() && !state.mariaDb()) {
            checks.log();
        }
        checks.rights();
        checks.tables();
        return checks.findings;
    }

    private void server() {
        if (state.mariaDb()) {
            findings.add(fatal(
                    "SOURCE-FLAVOR",
                    "the server at " + settings.where() + " is MariaDB " + state.version()
                            + ", whose binary log is another one than MySQL's",
                    "point source.host at a MySQL server; MariaDB is a target, not a source"));
            return;
        }
        if (major() < OLDEST) {
            findings.add(fatal(
                    "SOURCE-VERSION-OLD",
                    "the server is MySQL " + state.version() + "; version 8.0 or newer is needed",
                    "upgrade the server"));
        }
        if (!state.binlog()) {
            findings.add(fatal(
                    "SOURCE-BINLOG-OFF",
                    "the server writes no binary log",
                    "start the server without skip-log-bin, or with log-bin=binlog in the [mysqld] section of its"
                            + " configuration"));
        }
        if (state.serverId() == settings.serverId()) {
            findings.add(fatal(
                    "SOURCE-SERVER-ID",
                    "source.server-id " + settings.serverId() + " is the number of the server itself",
                    "choose a number for source.server-id that no server and no other reader of the log has"));
        }
    }

    private int major() {
        String digits = state.version().replaceAll("^(\\d*).*", "$1");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private void log() {
        setting(
                "SOURCE-BINLOG-FORMAT",
                !state.format().equalsIgnoreCase("ROW"),
                "binlog_format is " + state.format() + ", but only ROW tells what changed",
                "SET PERSIST binlog_format = 'ROW';");
        setting(
                "SOURCE-BINLOG-ROW-IMAGE",
                !state.rowImage().equalsIgnoreCase("FULL"),
                "binlog_row_image is " + state.rowImage() + ", so that columns are missing in the log",
                "SET PERSIST binlog_row_image = 'FULL';");
        setting(
                "SOURCE-BINLOG-PARTIAL-JSON",
                state.partialJson(),
                "binlog_row_value_options is PARTIAL_JSON: the log holds differences of JSON values instead of values",
                "SET PERSIST binlog_row_value_options = '';");
        setting(
                "SOURCE-BINLOG-COMPRESSED",
                state.compressed(),
                "binlog_transaction_compression is ON, and compressed transactions are not read",
                "SET PERSIST binlog_transaction_compression = OFF;");
        if (state.gtidMode() && state.executed().isEmpty()) {
            // the engine's log client cannot ask for all transactions behind none
            findings.add(new Finding(
                    "SOURCE-GTID-NONE",
                    "source",
                    "the server has GTIDs and has not executed any transaction yet, so that there is no place in its log"
                            + " to begin at",
                    "commit anything, for example: CREATE DATABASE tailrace_start; DROP DATABASE tailrace_start; -- the"
                            + " agent keeps trying",
                    Severity.TRANSIENT));
        }
        if (state.retentionSeconds() > 0 && state.retentionSeconds() < SHORT_RETENTION_SECONDS) {
            findings.add(new Finding(
                    "SOURCE-BINLOG-RETENTION",
                    "source",
                    "the server deletes its log after " + state.retentionSeconds() / 3600.0
                            + " hours; an agent that is away for longer needs a new snapshot",
                    "SET PERSIST binlog_expire_logs_seconds = 604800;",
                    Severity.WARNING));
        }
    }

    private void setting(String code, boolean wrong, String message, String remedy) {
        if (wrong) {
            findings.add(fatal(code, message, remedy + "  -- and let applications connect anew"));
        }
    }

    private void rights() {
        List<String> missing = new ArrayList<>(Stream.of("REPLICATION SLAVE", "REPLICATION CLIENT")
                .filter(right -> !state.may(right))
                .toList());
        // the snapshot's position is read under a lock that keeps everything still for a moment
        if (!state.may("RELOAD") && !(state.may("FLUSH_TABLES") && state.may("LOCK TABLES"))) {
            missing.add("RELOAD");
        }
        if (!missing.isEmpty()) {
            findings.add(fatal(
                    "SOURCE-REPLICATION-RIGHT",
                    "user " + settings.user() + " lacks " + String.join(", ", missing),
                    "GRANT " + String.join(", ", missing) + " ON *.* TO " + state.account() + ";"));
        }
        List<TableId> unreadable = state.tables().stream()
                .filter(table -> !table.readable())
                .map(MySqlState.Table::id)
                .toList();
        if (!unreadable.isEmpty()) {
            findings.add(fatal(
                    "SOURCE-SELECT-RIGHT",
                    "user " + settings.user() + " may not read " + names(unreadable),
                    unreadable.stream()
                            .map(table ->
                                    "GRANT SELECT ON " + MySqlConnections.table(table) + " TO " + state.account() + ";")
                            .collect(Collectors.joining(" "))));
        }
    }

    private void tables() {
        if (state.tables().isEmpty()) {
            findings.add(fatal(
                    "SOURCE-NO-TABLE",
                    "no table that user " + settings.user() + " sees matches "
                            + settings.common().tables(),
                    "check source.tables: globs of the form database.table, such as \"shop.*\"; upper and lower case"
                            + " matter. MySQL does not show tables that the user may not read: "
                            + settings.common().tables().stream()
                                    .map(glob -> "GRANT SELECT ON " + range(glob) + " TO " + state.account() + ";")
                                    .distinct()
                                    .collect(Collectors.joining(" "))));
        }
        findings.addAll(settings.common()
                .unmatched(state.tables().stream().map(MySqlState.Table::id).toList()));
        warn(
                "SOURCE-KEYLESS",
                state.tables().stream().filter(table -> !table.hasKey()),
                "have no primary key; a target finds their rows by all of their values alone",
                "give them a primary key, or at a target that is updated in place keys or without-key: full-row");
        warn(
                "SOURCE-ENGINE",
                state.tables().stream()
                        .filter(table -> !table.engine().equalsIgnoreCase("InnoDB")
                                && !table.engine().isEmpty()),
                "are not stored by InnoDB; a snapshot of them is not consistent with the others",
                "ALTER TABLE ... ENGINE = InnoDB");
        // in its catalog and in SHOW CREATE TABLE; only the log of a table made later has the statement itself
        warn(
                "SOURCE-MEMBERS",
                state.tables().stream().filter(MySqlState.Table::doubtfulMembers),
                "have an ENUM or SET with a ? in a member; where it stands for a character beyond U+FFFF, which the server"
                        + " itself does not show, the member arrives with the ?",
                "nothing when the members really have a ?; else rename them, with ALTER TABLE ... MODIFY");
    }

    /** The narrowest range of a GRANT that holds all that a glob matches; of several dots the last one counts. */
    private static String range(String glob) {
        int dot = glob.lastIndexOf('.');
        String database = glob.substring(0, dot);
        String table = glob.substring(dot + 1);
        if (isPattern(database)) {
            return "*.*";
        }
        return MySqlConnections.identifier(database) + "."
                + (isPattern(table) ? "*" : MySqlConnections.identifier(table));
    }

    private static boolean isPattern(String part) {
        return part.indexOf('*') >= 0 || part.indexOf('?') >= 0;
    }

    private void warn(String code, Stream<MySqlState.Table> tables, String message, String remedy) {
        List<TableId> ids = tables.map(MySqlState.Table::id).toList();
        if (!ids.isEmpty()) {
            findings.add(new Finding(code, "source", names(ids) + " " + message, remedy, Severity.WARNING));
        }
    }

    private static String names(List<TableId> tables) {
        String named = tables.stream().limit(NAMED).map(TableId::toString).collect(Collectors.joining(", "));
        return tables.size() > NAMED ? named + " and " + (tables.size() - NAMED) + " more" : named;
    }
}
