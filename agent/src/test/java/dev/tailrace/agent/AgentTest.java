package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import dev.tailrace.demo.AgentFiles;
import dev.tailrace.demo.Await;
import dev.tailrace.demo.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent in this process, from a YAML text, on real databases. */
class AgentTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Timing SHORT =
            new Timing(Duration.ofSeconds(10), Duration.ofSeconds(12), Duration.ofMillis(50), Duration.ofSeconds(1));

    @TempDir
    private static Path serverDirectory;

    private static EmbeddedServer server;

    @TempDir
    private Path directory;

    private final List<Running> running = new ArrayList<>();
    private int adminPort;

    private record Running(Agent agent, AgentConfiguration configuration, Thread waiter, Ending[] ending) {
        void stop() {
            agent.stop();
        }

        Ending ended() throws InterruptedException {
            waiter.join(PATIENCE.toMillis());
            return ending[0];
        }
    }

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedServer.start(serverDirectory);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabases() throws Exception {
        server.createDatabase("shop");
        server.createDatabase("warehouse");
        execute("CREATE TABLE orders (id bigint PRIMARY KEY, item text NOT NULL, note text)");
        execute("INSERT INTO orders SELECT i, 'item ' || i FROM generate_series(1, 500) i");
        adminPort = AgentFiles.freePort();
    }

    @AfterEach
    void dropDatabases() throws Exception {
        for (Running agent : running) {
            agent.agent().hurry();
            agent.ended();
        }
        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        server.dropDatabase("shop");
        server.dropDatabase("warehouse");
    }

    @Test
    void rowsFlowAcrossAStopAndAStart() throws Exception {
        Running first = start();
        awaitOrders(500);
        execute("INSERT INTO orders VALUES (501, 'streamed', 'x')");
        execute("UPDATE orders SET item = 'changed' WHERE id = 7");
        execute("DELETE FROM orders WHERE id = 8");
        Await.until("the change of order 7", PATIENCE, () -> "changed".equals(target("item", 7)));
        awaitOrders(500);

        StatusReport status = AdminClient.status(first.configuration().admin());
        assertThat(status.agent().state()).isEqualTo(StatusReport.AgentState.RUNNING);
        assertThat(status.notReady()).isEmpty();
        assertThat(status.source().state()).isEqualTo("streaming");
        assertThat(status.source().position()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(status.sinks()).extracting(StatusReport.SinkPart::state).containsOnly("running");

        first.stop();
        assertThat(first.ended()).isEqualTo(new Ending(Ending.Kind.STOPPED, null, true));
        execute("INSERT INTO orders SELECT i, 'while away' FROM generate_series(600, 699) i");

        Running second = start();
        awaitOrders(600);
        assertThat(second.agent().status().agent().epoch())
                .isEqualTo(status.agent().epoch() + 1);
        second.stop();
        assertThat(second.ended().clean()).isTrue();
        // 500 of the snapshot, 3 changes, 100 while away: a restart repeats and loses nothing.
        assertThat(archived()).isEqualTo(603);
        Await.until("a stopped endpoint", PATIENCE, () -> !listens());
    }

    @Test
    void aSecondAgentOnTheSameDirectoryDoesNotStart() throws Exception {
        start();
        Agent second = new Agent(configuration(AgentFiles.freePort()), Clock.systemUTC(), SHORT);
        assertThatThrownBy(() -> second.start(read(AgentFiles.freePort()).effective()))
                .isInstanceOfSatisfying(StartException.class, e -> {
                    assertThat(e.code()).isEqualTo("JOURNAL-LOCKED");
                    assertThat(e.mendedByTime()).isTrue();
                });
    }

    @Test
    void aFailedStartGivesEverythingBack() throws Exception {
        try (ServerSocket other = new ServerSocket(adminPort, 1, InetAddress.getLoopbackAddress())) {
            Agent agent = new Agent(configuration(other.getLocalPort()), Clock.systemUTC(), SHORT);
            assertThatThrownBy(() -> agent.start(read(adminPort).effective()))
                    .isInstanceOfSatisfying(
                            StartException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-PORT-IN-USE"))
                    .hasNoSuppressedExceptions();
        }
        Running again = start();
        awaitOrders(500);
        again.stop();
        assertThat(again.ended().clean()).isTrue();
    }

    @Test
    void whatTimeCannotMendEndsTheAgent() throws Exception {
        Running first = start();
        awaitOrders(500);
        first.stop();
        first.ended();
        execute("SELECT pg_drop_replication_slot('tailrace_shop')");

        Running second = start();
        Ending ending = second.ended();
        assertThat(ending.kind()).isEqualTo(Ending.Kind.HALTED);
        assertThat(ending.problem()).isNotNull();
        assertThat(ending.problem().remedy()).isNotEmpty();
    }

    private Running start() throws Exception {
        Configuration configuration = read(adminPort);
        AgentConfiguration typed = AgentConfiguration.read(configuration);
        assertThat(configuration.findings()).isEmpty();
        Agent agent = new Agent(typed, Clock.systemUTC(), SHORT);
        agent.start(configuration.effective());
        Ending[] ending = new Ending[1];
        Thread waiter = new Thread(() -> {
            try {
                ending[0] = agent.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiter.start();
        Running started = new Running(agent, typed, waiter, ending);
        running.add(started);
        return started;
    }

    private AgentConfiguration configuration(int port) throws IOException {
        return AgentConfiguration.read(read(port));
    }

    private Configuration read(int port) throws IOException {
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(file, """
                name: shop
                data-dir: %1$s/data
                source: {port: %2$d, database: shop, user: postgres, tables: ["public.*"]}
                journal: {max-size: 256MiB, reserve: 16MiB}
                sinks:
                  - {name: warehouse, type: jdbc, url: "jdbc:postgresql://127.0.0.1:%2$d/warehouse", user: postgres}
                  - {name: archive, type: file, directory: %1$s/archive}
                admin: {listen: "127.0.0.1:%3$d"}
                """.formatted(directory, server.port(), port));
        return ConfigurationReader.ofProcess().read(file);
    }

    private boolean listens() {
        try {
            AdminClient.status(configuration(adminPort).admin());
            return true;
        } catch (AdminException | IOException e) {
            return false;
        }
    }

    private long archived() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("archive"))) {
            long lines = 0;
            for (Path file : files.filter(f -> f.toString().contains(".jsonl")).toList()) {
                lines += Files.readAllLines(file).size();
            }
            return lines;
        }
    }

    private void awaitOrders(long count) throws Exception {
        Await.until(
                count + " orders at the target",
                PATIENCE,
                () -> Long.toString(count).equals(query("SELECT count(*) FROM orders")));
    }

    private String target(String column, long id) {
        return query("SELECT " + column + " FROM orders WHERE id = " + id);
    }

    /** Null while the table is not there yet. */
    private static String query(String sql) {
        try (Connection connection = server.dataSource("warehouse").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            return null;
        }
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
