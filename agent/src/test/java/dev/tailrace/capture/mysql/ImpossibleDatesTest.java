package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.capture.mysql.ImpossibleDates.Policy;
import dev.tailrace.capture.mysql.ValueEngine.Image;
import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Zero dates and days that no month has: told from null and treated alike by snapshot and log. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class ImpossibleDatesTest {
    /** 1970-01-01 00:00:01 UTC. */
    private static final long FIRST_TIMESTAMP = 1_000_000L;

    private static final String DATABASE = "impossible";
    private static final List<String> DATES = List.of("'0000-00-00'", "'2020-00-15'", "'2020-02-31'", "'2020-02-00'");
    private static final String COLUMNS =
            "(id int PRIMARY KEY, d date, dn date NOT NULL, t datetime(6), tn datetime NOT NULL,"
                    + " s timestamp NULL, sn timestamp(3) NOT NULL, free date, freet datetime, frees timestamp NULL)";

    @Test
    void nullWhereAllowed() throws Exception {
        ImpossibleDates dates = new ImpossibleDates(Policy.NULL);
        for (Image image : images(dates)) {
            assertThat(image.values())
                    .containsEntry("d", null)
                    .containsEntry("t", null)
                    .containsEntry("s", null);
            assertEpochWhereNotNull(image);
            assertFreeIsNull(image);
        }
        assertThat(dates.counts()).isEqualTo(Map.of(DATABASE + ".dated", 6L * 2 * DATES.size()));
    }

    @Test
    void epochEverywhere() throws Exception {
        ImpossibleDates dates = new ImpossibleDates(Policy.EPOCH);
        for (Image image : images(dates)) {
            assertThat(image.values())
                    .containsEntry("d", 0)
                    .containsEntry("t", 0L)
                    .containsEntry("s", FIRST_TIMESTAMP);
            assertEpochWhereNotNull(image);
            assertFreeIsNull(image);
        }
    }

    @Test
    void failureNamesTheColumn() {
        assertThatThrownBy(() -> images(new ImpossibleDates(Policy.FAIL)))
                .hasMessageContaining("column d of " + DATABASE + ".dated")
                .hasMessageNotContaining("2020");
    }

    @Test
    void keyIsNeverReplaced() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            begin(statement, "(d date, n int, PRIMARY KEY (n, d))");
            statement.execute("INSERT INTO dated VALUES ('0000-00-00', 1)");
            try (ValueEngine engine = new ValueEngine(server, DATABASE, new ImpossibleDates(Policy.EPOCH))) {
                assertThatThrownBy(() -> engine.next("dated", "r"))
                        .hasMessageContaining("column d of " + DATABASE + ".dated belongs to the key");
            }
        }
    }

    private static void assertEpochWhereNotNull(Image image) {
        assertThat(image.values())
                .containsEntry("dn", 0)
                .containsEntry("tn", 0L)
                .containsEntry("sn", FIRST_TIMESTAMP);
    }

    private static void assertFreeIsNull(Image image) {
        assertThat(image.values())
                .containsEntry("free", null)
                .containsEntry("freet", null)
                .containsEntry("frees", null);
    }

    private static void begin(Statement statement, String columns) throws Exception {
        statement.execute("SET sql_mode = 'ALLOW_INVALID_DATES'");
        statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
        statement.execute("CREATE DATABASE " + DATABASE);
        statement.execute("USE " + DATABASE);
        statement.execute("CREATE TABLE dated " + columns);
    }

    private static void insert(Statement statement, int from) throws Exception {
        for (int i = 0; i < DATES.size(); i++) {
            String date = DATES.get(i);
            statement.execute("INSERT INTO dated VALUES (" + (from + i) + ", " + date + ", " + date + ", " + date + ", "
                    + date + ", 0, 0, NULL, NULL, NULL)");
        }
    }

    private static List<Image> images(ImpossibleDates dates) throws Exception {
        MysqlServer server = TestServers.mysql();
        List<Image> images = new ArrayList<>();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            begin(statement, COLUMNS);
            insert(statement, 0);
            try (ValueEngine engine = new ValueEngine(server, DATABASE, dates)) {
                for (int i = 0; i < DATES.size(); i++) {
                    images.add(engine.next("dated", "r"));
                }
                insert(statement, 100);
                for (int i = 0; i < DATES.size(); i++) {
                    images.add(engine.next("dated", "c"));
                }
            }
        }
        return images;
    }
}
