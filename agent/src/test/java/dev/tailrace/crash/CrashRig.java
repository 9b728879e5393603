package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentFiles;
import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.Await;
import dev.tailrace.demo.Comparison;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.Receiver;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.Traffic;
import dev.tailrace.demo.Truth;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One shop, one agent that can be killed, its three targets and their judge. One thread. */
final class CrashRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    static final List<String> JOURNAL = List.of("max-size: 1GiB", "reserve: 64MiB");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final EmbeddedServer server;
    final AgentFiles files;
    final AgentProcess agent;
    final Receiver receiver;
    final Truth truth;
    final Judge judge;
    private final WorkerPool workers;
    private final Connection truthConnection;
    private int loads;

    CrashRig(EmbeddedServer server, Path directory) throws Exception {
        this(server, directory, server.port(), JOURNAL);
    }

    /**
     * @param targetPort where the agent finds the warehouse; a proxy's, perhaps
     * @param journal the configuration's journal mapping
     */
    CrashRig(EmbeddedServer server, Path directory, int targetPort, List<String> journal) throws Exception {
        String name = "crash" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();
        this.server = server;
        server.createDatabase(name + "_shop");
        server.createDatabase(name + "_warehouse");
        truthConnection = server.dataSource(name + "_shop").getConnection();
        Shop.create(truthConnection);
        Shop.stock(truthConnection, 200, 60);
        truth = Truth.begin(truthConnection, "truth_" + name, "public");
        workers = Receiver.workers("receiver " + name, 4);
        receiver = Receiver.start(workers);
        files = new AgentFiles(
                directory.resolve(name),
                name,
                new AgentFiles.Address(server.port(), name + "_shop"),
                new AgentFiles.Address(targetPort, name + "_warehouse"),
                receiver.url(),
                AgentFiles.freePort(),
                journal);
        files.write();
        agent = new AgentProcess(files.configuration(), files.logs());
        judge = new Judge(server, files, truth, receiver);
    }

    Traffic load(Traffic.Plan plan) throws SQLException {
        return Traffic.start(server.dataSource(files.source().database()), "l" + ++loads + "x", plan);
    }

    /** Waits until the agent's slot is in use: it follows the log. */
    void awaitStreaming() throws Exception {
        await("the agent follows the source's log", this::isStreaming);
    }

    /** The same, but it may come to the fail-point before that. */
    void awaitStreamingOr(String failpoint) throws Exception {
        await("the agent follows the source's log", () -> isStreaming() || agent.isAtFailpoint(failpoint));
    }

    private boolean isStreaming() throws SQLException {
        String active = "SELECT count(*) FROM pg_replication_slots"
                + " WHERE active AND confirmed_flush_lsn IS NOT NULL AND slot_name = ?";
        return one(active, files.slot()).equals("1");
    }

    /** Waits until the agent holds at a fail-point, and kills it there. */
    void killAt(String failpoint) throws Exception {
        await("the agent comes to " + failpoint, () -> agent.isAtFailpoint(failpoint));
        agent.kill();
    }

    /** Like {@link Await#until}, and a dead agent ends the waiting. */
    void await(String what, Await.Condition condition) throws Exception {
        try {
            Await.until(what, PATIENCE, () -> {
                requireRunning();
                return condition.holds();
            });
        } catch (TimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + logs(), e);
        }
    }

    private boolean requireRunning() throws IOException {
        if (!agent.isRunning()) {
            throw new AssertionError("the agent ended by itself with " + agent.exitCode() + "\n" + logs());
        }
        return true;
    }

    /** The source rests, the agent runs: everything arrives and everything is right. */
    Judge.Verdict verify() throws Exception {
        boolean complete = judge.awaitLastChange(PATIENCE, this::requireRunning);
        Judge.Verdict verdict = judge.judge();
        assertThat(verdict.wrong())
                .as("everything arrived: %s; %s", complete, logs())
                .isEmpty();
        assertThat(verdict.differences()).isZero();
        assertThat(verdict.warehouse().rows())
                .as("an empty shop proves nothing")
                .isPositive();
        return verdict;
    }

    /** The source rests: waits for everything to arrive and compares the warehouse's rows alone. */
    void verifyWarehouse(int tables) throws Exception {
        judge.awaitLastChange(PATIENCE, this::requireRunning);
        try (Connection source = server.dataSource(files.source().database()).getConnection();
                Connection target = server.dataSource(files.target().database()).getConnection()) {
            Comparison.Result result = new Comparison(source, target).compare("public");
            assertThat(result.listed()).as(logs()).isEmpty();
            assertThat(result.tables()).isEqualTo(tables);
        }
    }

    /** One value of the source's database. */
    String one(String sql, String parameter) throws SQLException {
        try (Connection connection =
                        server.dataSource(files.source().database()).getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getString(1) != null ? result.getString(1) : "";
            }
        }
    }

    /** A statement in the source's or the target's database. */
    void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.dataSource(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Whether the target's table exists and has a row with that value. */
    boolean targetHas(String table, String column, String value) throws SQLException {
        try (Connection connection =
                        server.dataSource(files.target().database()).getConnection();
                PreparedStatement exists = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL");
                PreparedStatement query =
                        connection.prepareStatement("SELECT 1 FROM " + table + " WHERE " + column + " = ?")) {
            exists.setString(1, table);
            try (ResultSet result = exists.executeQuery()) {
                if (!result.next() || !result.getBoolean(1)) {
                    return false;
                }
            }
            query.setString(1, value);
            try (ResultSet result = query.executeQuery()) {
                return result.next();
            }
        }
    }

    /** What the source holds as confirmed, as a number. */
    long confirmed() throws SQLException {
        String value = one(
                "SELECT confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = ?",
                files.slot());
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    /** The ends of the last start's log and errors. */
    String logs() throws IOException {
        return end(agent.output()) + end(agent.errors());
    }

    private static String end(Path file) throws IOException {
        if (!Files.exists(file)) {
            return file + " is not there\n";
        }
        try (Stream<String> lines = Files.lines(file)) {
            List<String> all = lines.toList();
            return file + ":\n" + String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size())) + "\n";
        }
    }

    @Override
    public void close() throws Exception {
        agent.killIfRunning();
        agent.close();
        receiver.close();
        workers.close();
        Await.until(
                "the slot is free",
                PATIENCE,
                () -> one("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = ?", files.slot())
                        .equals("0"));
        one(
                "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = ?",
                files.slot());
        truth.end();
        truthConnection.close();
        server.dropDatabase(files.source().database());
        server.dropDatabase(files.target().database());
    }
}
