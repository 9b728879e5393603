package dev.tailrace.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.AdminSettings;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.demo.AgentFiles;
import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.Await;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.PostgresWarehouse;
import dev.tailrace.demo.Receiver;
import dev.tailrace.demo.Shop;
import dev.tailrace.demo.SmallDisk;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.TcpProxy;
import dev.tailrace.demo.Truth;
import dev.tailrace.demo.Warehouse;
import dev.tailrace.lifecycle.Shutdown;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shop, one agent, its four sinks, and a proxy on each way between them. Restarts the agent as systemd and an operator
 * would. One thread.
 */
final class TortureRig implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(60);
    private static final Duration STOPPING = Duration.ofSeconds(70);
    /** Between two starts by systemd. */
    private static final Duration RESTART = Duration.ofSeconds(2);

    private static final String HISTORY_SINK = "history";

    final SourceServer source;
    final EmbeddedServer target;
    final TcpProxy sourceLink;
    final TcpProxy targetLink;
    final TcpProxy receiverLink;
    final Shop shop;
    final Warehouse warehouse;
    final Receiver receiver;
    final Truth truth;
    final Judge judge;
    final Shapes shapes;
    final History history;
    final AgentFiles files;
    final AgentProcess agent;
    final @Nullable SmallDisk disk;
    final @Nullable AgentClock clock;
    /** By the status of the receiver's answer, or by 0 those of the warehouse. */
    final Map<Integer, Poison> poisons = new TreeMap<>();

    private final Shutdown parts = new Shutdown();
    private final AdminSettings admin;
    private boolean down;
    private boolean closed;
    private int starts;
    private long lastStart;
    private int resumed;

    /**
     * @param name of the shop and of the agent
     * @param diskMegabytes of the file system for the agent's data; none of its own when it may not be mounted
     */
    TortureRig(SourceServer source, EmbeddedServer target, Path directory, String name, long seed, int diskMegabytes)
            throws Exception {
        this.source = source;
        this.target = target;
        boolean mySql = !(source instanceof EmbeddedServer);
        sourceLink = keep("the source's proxy", new TcpProxy(source.port()));
        targetLink = keep("the target's proxy", new TcpProxy(target.port()));
        shop = keep("the shop", source.openShop(name));
        shop.stock(200, 60);
        shapes = keep("the shapes", Shapes.create(shop, mySql, seed, 8));
        warehouse = keep("the warehouse", PostgresWarehouse.create(target, name + "_warehouse", targetLink.port()));
        history = new History(warehouse);
        truth = keep("the truth", shop.follow());
        WorkerPool workers = keep("the receiver's threads", Receiver.workers("receiver " + name, 4));
        receiver = keep("the receiver", Receiver.start(workers));
        URI receiverUrl = URI.create(receiver.url());
        receiverLink = keep("the receiver's proxy", new TcpProxy(receiverUrl.getPort()));
        files = new AgentFiles(
                directory,
                name,
                sourceConfiguration(mySql),
                "*.*",
                warehouse.configuration(),
                "http://127.0.0.1:" + receiverLink.port() + receiverUrl.getPath(),
                AgentFiles.freePort(),
                List.of("max-size: 4GiB", "reserve: 8MiB", "retention: 1m"));
        writeConfiguration();
        disk = SmallDisk.attempt(SmallDisk.Kind.EXT4, files.data(), diskMegabytes)
                .orElse(null);
        if (disk != null) {
            keep("the disk", disk);
        }
        admin = new AdminSettings("127.0.0.1", files.adminPort(), Optional.empty());
        clock = AgentClock.attempt(directory).orElse(null);
        agent = keep(
                "the agent",
                new AgentProcess(files.configuration(), files.logs(), clock == null ? Map.of() : clock.environment()));
        keep("the agent's end", agent::killIfRunning);
        poisons.put(0, new Poison(this, "row", AgentFiles.WAREHOUSE, new PoisonedTable(this), seed));
        for (int status : new int[] {422, 500}) {
            poisons.put(
                    status,
                    new Poison(this, status + "", AgentFiles.EVENTS, new PoisonedReceiver(receiver, status), seed));
        }
        judge = new Judge(source, shop, warehouse, files, truth, receiver);
    }

    private <T extends AutoCloseable> T keep(String name, T part) {
        parts.addUnbounded(name, CLOSING, part);
        return part;
    }

    private List<String> sourceConfiguration(boolean mySql) {
        String port = "port: " + source.port();
        return shop.configuration().stream()
                .map(line -> line.equals(port) ? "port: " + sourceLink.port() : line)
                .map(line ->
                        !mySql && line.startsWith("tables:") ? "tables: [\"public.*\", \"public_shapes.*\"]" : line)
                .toList();
    }

    /** A second JDBC sink that keeps every change, and times that a run is long enough for. */
    private void writeConfiguration() throws Exception {
        files.write();
        try (var connection = warehouse.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + History.SCHEMA);
        }
        StringBuilder more = new StringBuilder("    timeout: 15s\n    connect-timeout: 5s\n  - name: " + HISTORY_SINK
                + "\n    type: jdbc\n    mode: append\n    target: \""
                + History.SCHEMA + ".{table}\"\n    checkpoint-schema: " + History.SCHEMA + "\n");
        warehouse
                .configuration()
                .forEach(line -> more.append("    ").append(line).append('\n'));
        String bounded = "    statement-timeout: 20s\n    connect-timeout: 5s\n";
        String text = Files.readString(files.configuration())
                .replace("    type: jdbc\n", "    type: jdbc\n" + bounded)
                .replace(
                        "    format: cloudevents\n",
                        "    format: cloudevents\n"
                                + more.toString().replace("    type: jdbc\n", "    type: jdbc\n" + bounded));
        Files.writeString(files.configuration(), text);
    }

    void start() throws IOException {
        agent.start();
        starts++;
        lastStart = System.nanoTime();
        down = false;
    }

    void kill() throws InterruptedException {
        down = true;
        agent.killIfRunning();
    }

    /** Sends SIGTERM; {@link #startAgain} waits for the end. */
    void terminate() {
        down = true;
        ProcessHandle.of(agent.pid()).ifPresent(ProcessHandle::destroy);
    }

    void startAgain() throws Exception {
        awaitEnd();
        start();
    }

    /** A stop ends in time; one that gave its start up meanwhile has said why in its log. */
    private void awaitEnd() throws Exception {
        Await.until("the agent ends after SIGTERM", STOPPING, () -> !agent.isRunning());
        if (!List.of(0, 1, 137, 143).contains(agent.exitCode())) {
            throw new AssertionError("the agent ended with " + agent.exitCode() + " after a signal");
        }
    }

    void stop() throws Exception {
        terminate();
        awaitEnd();
    }

    /** Does what systemd does: an exit with 1 leads to a new start. Everything else nobody has an answer to. */
    boolean attend() throws Exception {
        if (!down && !agent.isRunning() && System.nanoTime() - lastStart > RESTART.toNanos()) {
            if (agent.exitCode() != 1) {
                throw new AssertionError("the agent ended by itself with " + agent.exitCode());
            }
            start();
        }
        return true;
    }

    /**
     * Does what an operator does: approves held tables, resumes halted sinks, and frees a slot that is kept for who is gone.
     *
     * @param mended whether it makes sense to have them go on
     */
    void operate(boolean mended) {
        Optional<StatusReport> status = status();
        if (status.isEmpty()) {
            return;
        }
        endLeftSender(status.get());
        try {
            for (StatusReport.SinkPart sink : status.get().sinks()) {
                if (mended && sink.state().equals("halted")) {
                    AdminClient.order(admin, SinkOrder.RESUME, sink.name(), "mended");
                    resumed++;
                }
                for (StatusReport.HeldPart held : sink.held()) {
                    if (held.state().equals("held")) {
                        AdminClient.approve(admin, sink.name(), held.table());
                    }
                }
            }
        } catch (AdminException e) {
            // it has died meanwhile, or does not know yet what it holds: next time
        }
    }

    /** As the message says, when nobody should use the slot. */
    private void endLeftSender(StatusReport status) {
        StatusReport.Problem error = status.source().lastError();
        try {
            if (error != null && error.code().equals("SOURCE-SLOT-IN-USE")) {
                String sender = shop.sender(files);
                if (sender != null) {
                    shop.endSender(sender);
                }
            }
        } catch (SQLException e) {
            // the server is away: next time
        }
    }

    /** Empty when it does not answer. */
    Optional<StatusReport> status() {
        try {
            return Optional.of(AdminClient.status(admin));
        } catch (AdminException e) {
            return Optional.empty();
        }
    }

    /** Whether every part is at work and nothing waits for anybody. */
    boolean isWell() {
        return status().filter(status -> status.source().state().equals("streaming"))
                .filter(status -> status.sinks().stream()
                        .allMatch(sink -> sink.state().equals("running")
                                && sink.held().isEmpty()
                                && sink.pendingEvents() == 0
                                && sink.parkedKeys() == 0))
                .isPresent();
    }

    /** Does what an operator does when everything is mended; false when there was something to do. */
    boolean retryDead() throws Exception {
        boolean none =
                status().stream().flatMap(status -> status.sinks().stream()).allMatch(sink -> sink.deadLetters() == 0);
        if (!none) {
            agent.verb("dlq", "retry", "--reason", "all is mended");
        }
        return none;
    }

    /** What is still set aside or dead, as an operator would see it. */
    List<String> letters() throws Exception {
        AgentProcess.Ended ended = agent.verb("dlq", "list", "--waiting", "--json");
        List<String> letters = new ArrayList<>();
        JsonNode listed = new ObjectMapper().readTree(ended.printed()).path("letters");
        if (ended.exitCode() != 0 || !listed.isArray()) {
            letters.add("dlq list ended with " + ended.exitCode() + ": " + ended.errors());
        }
        listed.forEach(letter -> letters.add("waits still: " + letter));
        return letters;
    }

    int starts() {
        return starts;
    }

    /** How often a halted sink was told to go on. */
    int resumed() {
        return resumed;
    }

    /** Copies what lies on the file system of its own, which goes with this. */
    void keepData() throws Exception {
        kill();
        if (disk != null) {
            disk.free(Troubles.FILLER);
            Process copy = new ProcessBuilder(
                            "cp",
                            "-a",
                            files.data().toString(),
                            files.directory().resolve("data-kept").toString())
                    .start();
            copy.waitFor();
        }
    }

    @Override
    public synchronized void close() throws Exception {
        if (closed) {
            return;
        }
        closed = true;
        down = true;
        agent.killIfRunning();
        try {
            shop.forget(files);
        } finally {
            parts.close();
        }
    }
}
