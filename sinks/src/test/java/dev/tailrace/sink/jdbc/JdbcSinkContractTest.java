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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The promises of every sink, kept by upserts into a database. */
class JdbcSinkContractTest extends SinkContract implements ServerSuite {
    private static final String PASSWORD = "p4ssw0rd-that-no-message-shows";

    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new DatabaseTarget(server(), odd());
    }

    @Override
    protected boolean widens() {
        return false;
    }

    private static final class DatabaseTarget implements TargetPort {
        private final TestServer server;
        private final TableSchema odd;
        private final String database;
        private final FaultyLink link;
        private final Dialect dialect;
        private Connection blocker;

        private DatabaseTarget(TestServer server, TableSchema odd) throws Exception {
            this.server = server;
            this.odd = odd;
            this.database = server.newDatabase();
            this.link = new FaultyLink(server.port());
            this.dialect = Dialects.of(server.url(database)).orElseThrow();
            if (!server.isPostgres()) {
                server.run(
                        database,
                        "CREATE USER IF NOT EXISTS tailrace IDENTIFIED BY '" + PASSWORD + "'",
                        "GRANT ALL ON *.* TO tailrace");
            }
        }

        @Override
        public SinkFactory.Definition definition() {
            MapSettings settings = new MapSettings(Map.of(
                    "url",
                    // Encrypted, the link could not tell where to cut.
                    server.url(database, link.port())
                            + server.text("?", "?sslMode=DISABLED&allowPublicKeyRetrieval=true&") + "password="
                            + PASSWORD,
                    "user",
                    server.text("postgres", "tailrace"),
                    "password",
                    PASSWORD));
            return new JdbcSinkFactory().configure(settings);
        }

        @Override
        public Contents contents() throws Exception {
            try (Connection connection = server.connect(database)) {
                return TargetContents.read(
                        connection, dialect, List.of(TestSchemas.ORDERS, odd, TestSchemas.ORDERS_UPPER));
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
                    blocker = server.connect(database);
                    blocker.setAutoCommit(false);
                    TestPostgres.run(
                            blocker,
                            server.text(
                                    "LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE", "LOCK TABLES orders WRITE"));
                }
                case REJECT -> {
                    if (server.isPostgres()) {
                        server.run(
                                database,
                                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                                        + " $$ BEGIN RAISE EXCEPTION 'no %', NEW.note; END $$",
                                "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON public.orders"
                                        + " FOR EACH ROW EXECUTE FUNCTION refuse()");
                    } else {
                        server.run(database, mySqlTrigger("INSERT"), mySqlTrigger("UPDATE"));
                    }
                }
                default -> link.script(fault);
            }
        }

        private static String mySqlTrigger(String event) {
            return "CREATE TRIGGER refuse_" + event + " BEFORE " + event + " ON orders FOR EACH ROW BEGIN"
                    + " DECLARE m TEXT; SET m = concat('no ', NEW.note);"
                    + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = m; END";
        }

        @Override
        public void awaitHeld() throws Exception {
            server.await(
                    database,
                    server.text(
                            "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'public.orders'::regclass",
                            "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE()"
                                    + " AND state LIKE 'Waiting for table metadata lock%'"));
        }

        @Override
        public void heal() throws Exception {
            link.heal();
            if (blocker != null) {
                blocker.close();
                blocker = null;
            }
            if (server.isPostgres()) {
                server.run(database, "DROP FUNCTION IF EXISTS refuse() CASCADE");
            } else {
                server.run(database, "DROP TRIGGER IF EXISTS refuse_INSERT", "DROP TRIGGER IF EXISTS refuse_UPDATE");
            }
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
