package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkContract;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TargetPort;
import dev.tailrace.sink.TestSchemas;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The promises of every sink, kept by upserts into a file of this process. There is no way to the target that could be
 * cut: what goes wrong is another writer, a database that is closed under the sink, an interrupt.
 */
abstract class EmbeddedSinkContract extends SinkContract implements ServerSuite {
    private static final String PASSWORD = "p4ssw0rd-that-no-message-shows";

    @Override
    protected boolean widens() {
        return false;
    }

    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new FileTarget(server(), directory, List.of(TestSchemas.ORDERS, odd(), second()));
    }

    private record FileTarget(TestServer server, String url, List<TableSchema> tables, Dialect dialect, Blocker blocker)
            implements TargetPort {

        FileTarget(TestServer server, Path directory, List<TableSchema> tables) throws Exception {
            this(
                    server,
                    made(server, directory),
                    tables,
                    Dialects.of(made(server, directory)).orElseThrow(),
                    new Blocker());
        }

        private static String made(TestServer server, Path directory) throws Exception {
            java.nio.file.Files.createDirectories(directory);
            String file = directory.resolve("target").toString();
            return server.text("", "", "jdbc:sqlite:" + file + ".db", "jdbc:h2:file:" + file);
        }

        private Connection connect() throws SQLException {
            return server == TestServer.SQLITE
                    ? java.sql.DriverManager.getConnection(url)
                    : java.sql.DriverManager.getConnection(url, "sa", PASSWORD);
        }

        private void run(String... statements) throws SQLException {
            try (Connection connection = connect()) {
                TestPostgres.run(connection, statements);
            }
        }

        @Override
        public SinkFactory.Definition definition() {
            MapSettings settings = new MapSettings(
                    server == TestServer.SQLITE
                            // As long as another writer is waited for.
                            ? Map.of("url", url, "statement-timeout", "1s")
                            : Map.of("url", url, "user", "sa", "password", PASSWORD));
            return new JdbcSinkFactory().configure(settings);
        }

        @Override
        public Contents contents() throws Exception {
            try (Connection connection = connect()) {
                return TargetContents.read(connection, dialect, tables);
            }
        }

        @Override
        public Set<Fault> faults() {
            return server == TestServer.SQLITE
                    ? EnumSet.of(Fault.DOWN, Fault.REJECT)
                    : EnumSet.of(Fault.DOWN, Fault.HOLD, Fault.REJECT);
        }

        @Override
        public void script(Fault fault) throws Exception {
            String orders =
                    dialect.quote(TargetTemplate.parse(dialect.defaultTarget()).of(TestSchemas.ORDERS.table()));
            if (fault == Fault.REJECT) {
                if (server == TestServer.SQLITE) {
                    run(sqliteTrigger("INSERT"), sqliteTrigger("UPDATE"));
                } else {
                    run("CREATE TRIGGER refuse BEFORE INSERT, UPDATE ON " + orders + " FOR EACH ROW CALL '"
                            + H2Triggers.Refusing.class.getName() + "'");
                }
            } else if (server == TestServer.SQLITE) {
                blockOrInterrupt();
            } else if (fault == Fault.DOWN) {
                run("SHUTDOWN IMMEDIATELY");
            } else {
                blocker.hold(connect(), "UPDATE " + orders + " SET \"id\" = \"id\"");
            }
        }

        /** While the sink has the lock itself, nothing from outside ends its write but an interrupt. */
        private void blockOrInterrupt() throws SQLException {
            try {
                blocker.hold(java.sql.DriverManager.getConnection(url + "?busy_timeout=0"), "BEGIN IMMEDIATE");
            } catch (SQLException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static String sqliteTrigger(String event) {
            return "CREATE TRIGGER refuse_" + event + " BEFORE " + event
                    + " ON orders BEGIN SELECT RAISE(ABORT, 'no ' || NEW.note); END";
        }

        @Override
        public void awaitHeld() throws Exception {
            try (Connection connection = connect()) {
                while (TestPostgres.query(
                                connection, "SELECT 1 FROM information_schema.sessions WHERE blocker_id IS NOT NULL")
                        .isEmpty()) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void heal() throws Exception {
            Thread.interrupted();
            blocker.close();
            if (server == TestServer.SQLITE) {
                run("DROP TRIGGER IF EXISTS refuse_INSERT", "DROP TRIGGER IF EXISTS refuse_UPDATE");
            } else {
                run("DROP TRIGGER IF EXISTS \"PUBLIC\".refuse", "DROP TRIGGER IF EXISTS \"public\".refuse");
            }
        }

        @Override
        public List<String> secrets() {
            return List.of(PASSWORD);
        }

        @Override
        public void close() throws Exception {
            blocker.close();
        }
    }

    /** Another writer in the middle of its transaction. */
    private static final class Blocker implements AutoCloseable {
        private Connection connection;

        void hold(Connection other, String statement) throws SQLException {
            connection = other;
            if (!statement.startsWith("BEGIN")) {
                connection.setAutoCommit(false);
            }
            TestPostgres.run(connection, statement);
        }

        @Override
        public void close() throws SQLException {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }
    }
}
