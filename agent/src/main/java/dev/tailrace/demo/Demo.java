package dev.tailrace.demo;

import dev.tailrace.lifecycle.Shutdown;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The demonstration: a shop in a PostgreSQL or a MySQL of its own, an agent as a process of its own that is killed on the
 * way, a PostgreSQL, an HTTP receiver and files as its targets, and in the end a comparison of all of them.
 *
 * <p>{@link #run} is called once, by one thread; {@link #close} may come from another and ends every process.
 */
public final class Demo implements AutoCloseable {
    /** All targets are right. */
    public static final int VERIFIED = 0;
    /** Something went wrong before there was anything to compare. */
    public static final int FAILED = 1;
    /** The comparison found differences. */
    public static final int DRIFT = 4;

    private static final int SHOPPERS = 4;
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration CATCH_UP = Duration.ofMinutes(3);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final Options options;
    private final PrintStream out;
    private final Shutdown parts = new Shutdown();
    private boolean closed;

    /**
     * What the operator may choose.
     *
     * @param directory everything is written below it, it must be empty or not exist; a temporary one when empty
     * @param keep whether the directory stays after success; after a failure it always does
     * @param json one JSON object at the end instead of lines for people
     * @param seconds how long the shop is open
     * @param seed of the traffic
     * @param mysql the source is a MySQL with these programs; PostgreSQL when empty
     * @param gtid whether a MySQL's transactions have global ids
     */
    public record Options(
            Optional<Path> directory,
            boolean keep,
            boolean json,
            int seconds,
            long seed,
            Optional<Path> mysql,
            boolean gtid) {}

    public Demo(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs it all and returns the exit code. */
    public int run() throws Exception {
        Path directory = directory();
        int code = FAILED;
        try {
            Judge.Verdict verdict = perform(directory);
            code = verdict.differences() == 0 ? VERIFIED : DRIFT;
            close();
            if (code == VERIFIED && !options.keep()) {
                delete(directory);
            } else {
                say("Everything that was written is in " + directory);
            }
            report(verdict);
            return code;
        } finally {
            close();
            if (code == FAILED) {
                say("The agent's log and all data are in " + directory);
            }
        }
    }

    private Judge.Verdict perform(Path directory) throws Exception {
        say("Starting PostgreSQL 18 for " + (options.mysql().isPresent() ? "a warehouse" : "a shop and a warehouse")
                + " ...");
        EmbeddedServer postgres = EmbeddedServer.start(directory.resolve("postgres"));
        keep("PostgreSQL", postgres);
        SourceServer server = postgres;
        if (options.mysql().isPresent()) {
            say("Starting MySQL for a shop ...");
            server = MySqlSourceServer.start(options.mysql().get(), directory.resolve("mysql"), options.gtid());
            keep("MySQL", server);
        }
        Warehouse warehouse = PostgresWarehouse.create(postgres, "warehouse", postgres.port());
        Shop shop = server.openShop("shop");
        shop.stock(200, 60);
        Truth truth = shop.follow();
        keep("the truth", truth);
        WorkerPool workers = Receiver.workers("receiver", 4);
        keep("the receiver's threads", workers);
        Receiver receiver = Receiver.start(workers);
        keep("the receiver", receiver);
        AgentFiles files = new AgentFiles(
                directory.resolve("agent"),
                "demo",
                shop.configuration(),
                shop.schema() + ".*",
                warehouse.configuration(),
                receiver.url(),
                AgentFiles.freePort(),
                List.of("max-size: 2GiB", "reserve: 64MiB"));
        files.write();
        AgentProcess agent = new AgentProcess(files.configuration(), files.logs());
        keep("the agent", agent);
        agent.start();
        say("Started the agent, process " + agent.pid() + "; its log is " + agent.output());

        Progress progress = new Progress(files, receiver, options.json() ? null : out);
        Judge judge = new Judge(server, shop, warehouse, files, truth, receiver);
        say("Reading the shop's first rows ...");
        Await.until("the agent follows the shop", START, () -> {
            requireRunning(agent);
            progress.show(0);
            return progress.isStreaming();
        });
        Tally tally = trade(shop, agent, progress);
        say("The shop is closed: " + tally);
        say("Waiting until every target has the last change ...");
        boolean complete = judge.awaitLastChange(CATCH_UP, () -> {
            requireRunning(agent);
            progress.show(tally.total());
            return true;
        });
        say(
                complete
                        ? "All targets have it. Stopping the agent with SIGTERM and comparing ..."
                        : "It is taking too long.");
        int exit = agent.stop();
        say("The agent ended with " + exit + ".");
        return judge.judge();
    }

    /** Open for business; in the middle the agent dies and comes back while the shop goes on. */
    private Tally trade(Shop shop, AgentProcess agent, Progress progress) throws Exception {
        Traffic.Plan plan = Traffic.Plan.mixed(SHOPPERS, options.seed(), Duration.ofMillis(15), 500);
        try (Traffic traffic = Traffic.start(shop, "d", plan)) {
            Duration half = Duration.ofSeconds(options.seconds()).dividedBy(2);
            follow(half, agent, true, traffic.tally(), progress);
            long pid = agent.pid();
            agent.kill();
            say("kill -9 " + pid + ": the agent is gone, the shop goes on");
            follow(Duration.ofSeconds(2), agent, false, traffic.tally(), progress);
            agent.start();
            say("Started the agent again, process " + agent.pid());
            follow(half, agent, true, traffic.tally(), progress);
            traffic.stop();
            return traffic.tally();
        }
    }

    private static void follow(Duration time, AgentProcess agent, boolean running, Tally tally, Progress progress)
            throws Exception {
        long end = System.nanoTime() + time.toNanos();
        Await.until("the shop's hours", time.plusSeconds(60), () -> {
            if (running) {
                requireRunning(agent);
            }
            progress.show(tally.total());
            return System.nanoTime() - end >= 0;
        });
    }

    private static void requireRunning(AgentProcess agent) throws IOException {
        if (!agent.isRunning()) {
            throw new IOException("the agent ended by itself with " + agent.exitCode() + "; see " + agent.output()
                    + " and " + agent.errors());
        }
    }

    private void report(Judge.Verdict verdict) {
        if (options.json()) {
            out.println(DemoJson.of(verdict));
            return;
        }
        verdict.wrong().stream().limit(50).forEach(out::println);
        out.println("The source committed " + verdict.changes() + " changes while it was watched.");
        out.println("archive:   " + verdict.lines() + " lines");
        out.println("events:    " + verdict.received() + " different ids in " + verdict.deliveries() + " deliveries");
        out.println("warehouse: " + verdict.warehouse().rows() + " rows in "
                + verdict.warehouse().tables() + " tables");
        out.println(verdict.summary());
        out.flush();
    }

    private void say(String line) {
        if (!options.json()) {
            out.println(line);
            out.flush();
        }
    }

    private synchronized void keep(String what, AutoCloseable part) throws Exception {
        if (closed) {
            part.close();
            throw new InterruptedException("the demonstration was ended");
        }
        parts.addUnbounded(what, CLOSING, part);
    }

    private Path directory() throws IOException {
        if (options.directory().isEmpty()) {
            return Files.createTempDirectory("tailrace-demo");
        }
        Path directory = options.directory().get().toAbsolutePath();
        Files.createDirectories(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new IOException(directory + " is not empty; name an empty directory or one that does not exist");
            }
        }
        return directory;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Ends every process and connection, the newest first. Idempotent. */
    @Override
    public synchronized void close() throws Exception {
        closed = true;
        parts.close();
    }
}
