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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The promises of every sink, kept by upserts into PostgreSQL. */
class JdbcSinkContractTest extends SinkContract {
    private static final String PASSWORD = "p4ssw0rd-that-no-message-shows";

    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new PostgresTarget();
    }

    @Override
    protected boolean widens() {
        return false;
    }

    private static final class PostgresTarget implements TargetPort {
        private final String database = TestPostgres.newDatabase();
        private final FaultyLink link = new FaultyLink(TestPostgres.port());
        private final PostgresDialect dialect = new PostgresDialect();
        private Connection blocker;

        private PostgresTarget() throws Exception {}

        @Override
        public SinkFactory.Definition definition() {
            MapSettings settings = new MapSettings(Map.of(
                    "url",
                    TestPostgres.url(database, link.port()) + "?password=" + PASSWORD,
                    "user",
                    "postgres",
                    "password",
                    PASSWORD));
            return new JdbcSinkFactory().configure(settings);
        }

        @Override
        public Contents contents() throws Exception {
            Contents contents = new Contents();
            try (Connection connection = TestPostgres.connect(database)) {
                for (TableSchema schema : List.of(TestSchemas.ORDERS, TestSchemas.ODD, TestSchemas.ORDERS_UPPER)) {
                    read(connection, schema, contents);
                }
            }
            return contents;
        }

        private void read(Connection connection, TableSchema schema, Contents contents) throws SQLException {
            TargetName name =
                    TargetName.of(schema.table().schema(), schema.table().table());
            if (dialect.describe(connection, name).isEmpty()) {
                return;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + dialect.quote(name))) {
                while (rows.next()) {
                    Map<String, String> row = new TreeMap<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnName(i), rows.getString(i));
                    }
                    List<String> key = schema.key().stream()
                            .map(k -> row.get(schema.column(k).name()))
                            .toList();
                    contents.put(schema.table(), key, row);
                }
            }
        }

        @Override
        public Set<Fault> faults() {
            return EnumSet.allOf(Fault.class);
        }

        @Override
        public void script(Fault fault) throws Exception {
            switch (fault) {
                case HOLD -> {
                    blocker = TestPostgres.connect(database);
                    blocker.setAutoCommit(false);
                    TestPostgres.run(blocker, "LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE");
                }
                case REJECT ->
                    TestPostgres.run(
                            database,
                            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " $$ BEGIN RAISE EXCEPTION 'no %', NEW.note; END $$",
                            "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON public.orders"
                                    + " FOR EACH ROW EXECUTE FUNCTION refuse()");
                default -> link.script(fault);
            }
        }

        @Override
        public void awaitHeld() throws Exception {
            TestPostgres.await(
                    database, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'public.orders'::regclass");
        }

        @Override
        public void heal() throws Exception {
            link.heal();
            if (blocker != null) {
                blocker.close();
                blocker = null;
            }
            TestPostgres.run(database, "DROP FUNCTION IF EXISTS refuse() CASCADE");
        }

        @Override
        public List<String> secrets() {
            return List.of(PASSWORD);
        }

        @Override
        public void close() throws Exception {
            link.close();
            if (blocker != null) {
                blocker.close();
            }
        }
    }
}
