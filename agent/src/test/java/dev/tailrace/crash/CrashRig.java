package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentFiles;
import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.Await;
import dev.tailrace.demo.Comparison;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.PostgresWarehouse;
import dev.tailrace.demo.Receiver;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.Traffic;
import dev.tailrace.demo.Truth;
import dev.tailrace.demo.Warehouse;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One shop, one agent that can be killed, its three targets and their judge. One thread. */
final class CrashRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(5);

    static final List<String> JOURNAL = List.of("max-size: 1GiB", "reserve: 64MiB");

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final SourceServer server;
    final Shop shop;
    final Warehouse warehouse;
    final AgentFiles files;
    final AgentProcess agent;
    final Receiver receiver;
    final Truth truth;
    final Judge judge;
    private final WorkerPool workers;
    private int loads;

    CrashRig(SourceServer server, EmbeddedServer warehouses, Path directory) throws Exception {
        this(server, warehouses, directory, warehouses.port(), JOURNAL);
    }

    /**
     * @param server with the shop
     * @param warehouses with the warehouse; the same one, perhaps
     * @param targetPort where the agent finds the warehouse; a proxy's, perhaps
     * @param journal the configuration's journal mapping
     */
    CrashRig(SourceServer server, EmbeddedServer warehouses, Path directory, int targetPort, List<String> journal)
            throws Exception {
        String name = "crash" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();
        this.server = server;
        shop = server.openShop(name);
        warehouse = PostgresWarehouse.create(warehouses, name + "_warehouse", targetPort);
        shop.stock(200, 60);
        truth = shop.follow();
        workers = Receiver.workers("receiver " + name, 4);
        receiver = Receiver.start(workers);
        files = new AgentFiles(
                directory.resolve(name),
                name,
                shop.configuration(),
                shop.schema() + ".*",
                warehouse.configuration(),
                receiver.url(),
                AgentFiles.freePort(),
                journal);
        files.write();
        agent = new AgentProcess(files.configuration(), files.logs());
        judge = new Judge(server, shop, warehouse, files, truth, receiver);
    }

    /** What the agent reads at its next start: a gap leads to a new snapshot. */
    void snapshotWhenNeeded() throws IOException {
        String configuration = Files.readString(files.configuration());
        Files.writeString(
                files.configuration(), configuration.replace("source:\n", "source:\n  snapshot: when-needed\n"));
    }

    Traffic load(Traffic.Plan plan) throws SQLException {
        return Traffic.start(shop, "l" + ++loads + "x", plan);
    }

    /** Waits until the agent follows the log. */
    void awaitStreaming() throws Exception {
        await("the agent follows the source's log", this::isStreaming);
    }

    private void awaitStreamingOr(String failpoint) throws Exception {
        await("the agent follows the source's log", () -> isStreaming() || agent.isAtFailpoint(failpoint));
    }

    private boolean isStreaming() throws SQLException {
        return shop.isFollowedBy(files);
    }

    /** Waits until the agent holds at a fail-point, and kills it there. */
    void killAt(String failpoint) throws Exception {
        await("the agent comes to " + failpoint, () -> agent.isAtFailpoint(failpoint));
        agent.kill();
    }

    /** Starts the agent on its way to the first of them; it follows the log, or has come there already. */
    void startTo(CrashWindow.Chain chain) throws Exception {
        if (chain.windows().isEmpty()) {
            agent.start();
            awaitStreaming();
        } else {
            CrashWindow first = chain.windows().get(0);
            agent.start(first.option());
            awaitStreamingOr(first.failpoint());
        }
    }

    /** Something at the source. */
    @FunctionalInterface
    interface Meanwhile {
        void run() throws Exception;
    }

    /** An agent that was started to the first of them is killed at each and started again, at last with none before it. */
    void dieAt(CrashWindow.Chain chain) throws Exception {
        dieAt(chain, () -> {});
    }

    /**
     * The same.
     *
     * @param meanwhile what makes the agent come to a window; done at every look, and once more when it was killed there
     */
    void dieAt(CrashWindow.Chain chain, Meanwhile meanwhile) throws Exception {
        for (int i = 0; i < chain.windows().size(); i++) {
            CrashWindow window = chain.windows().get(i);
            if (i > 0) {
                agent.start(window.option());
            }
            await("the agent comes to " + window, () -> {
                meanwhile.run();
                return agent.isAtFailpoint(window.failpoint());
            });
            agent.kill();
            meanwhile.run();
        }
        if (!chain.windows().isEmpty()) {
            agent.start();
        }
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

    boolean requireRunning() throws IOException {
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
        Comparison.Result result = judge.compareWarehouse();
        assertThat(result.listed()).as(logs()).isEmpty();
        assertThat(result.tables()).isEqualTo(tables);
    }

    /** Whether the target's table exists and has a row with that value. */
    boolean targetHas(String table, String column, String value) throws SQLException {
        try (Connection connection = warehouse.connect()) {
            return warehouse.has(connection, shop.schema(), table, column, value);
        }
    }

    /** What the agent has told to be safe, as a number. */
    long captured() throws SQLException {
        return shop.captured(files);
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
        shop.forget(files);
        truth.close();
        shop.close();
        warehouse.close();
    }
}
