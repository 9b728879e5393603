package dev.tailrace.bench;

import dev.tailrace.bench.PostgresTarget.Contents;
import dev.tailrace.demo.EmbeddedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A backlog from one database of a server to another: the whole agent with its JDBC sink, against the stock engine that
 * feeds Debezium's own JDBC sink task in the same process. As {@code memory} the agent has a file sink, too, and the
 * largest resident set is what counts.
 */
final class EndToEndMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final long TRANSACTION = 100;
    private static final String ANCHOR = "stock engine + Debezium's JDBC sink 3.6.0";

    private final boolean memory;

    EndToEndMeasure(boolean memory) {
        this.memory = memory;
    }

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS);
        int runs = run.options().runs();
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say((memory ? "memory: " : "end-to-end: ") + rows + " rows, " + TRANSACTION + " a transaction");
            Marks marks = new Marks(source, run.directory().resolve("backlog"));
            List<Path> configurations = new ArrayList<>();
            List<Path> engines = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                String name = "ours" + i;
                configurations.add(marks.ours(name, sinks(source.server(), marks.ours(name), name)));
            }
            for (int i = 0; i < 2 * runs; i++) {
                engines.add(marks.engine("theirs" + i));
            }
            for (int i = 0; i < runs && !memory; i++) {
                marks.engine("native" + i);
            }
            source.write(rows, TRANSACTION);
            Contents truth = PostgresTarget.contents(source.server(), PostgresSource.DATABASE);
            Path log = run.directory().resolve("processes.log");
            List<Figures> replicated = new ArrayList<>();
            Rounds rounds = Rounds.of(
                    runs,
                    i -> {
                        if (!memory) {
                            replicated.add(replicate(source, "native" + i, truth));
                            run.say("    native " + replicated.get(i).values());
                        }
                        return run(OurAgent.class, configurations.get(i), source, "ours" + i, truth, log, run);
                    },
                    i -> run(EngineToSink.class, engines.get(i), source, "theirs" + i, truth, log, run),
                    run::say);
            marks.forget();
            if (memory) {
                results.accept(rounds.compare("memory/two-sinks", ANCHOR, "rss", "MB", rows));
            } else {
                results.accept(rounds.compare("end-to-end", ANCHOR, "rate", "events/s", rows));
                results.accept(rounds.compare("end-to-end/warm", ANCHOR, "warm", "events/s", rows));
                results.accept(rounds.compareWith(
                        "end-to-end/native", Subscription.NAME, replicated, "rate", "events/s", rows));
            }
        }
    }

    private String sinks(EmbeddedServer server, Path directory, String target) {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + target;
        String jdbc = AgentSetup.jdbcSink(url, EmbeddedServer.USER);
        return memory ? jdbc + AgentSetup.fileSink(directory.resolve("data").resolve("archive")) : jdbc;
    }

    private static Figures replicate(PostgresSource source, String name, Contents truth) throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            Figures figures = Subscription.replicate(source.server(), name, target, truth.rows());
            check(name, target, truth);
            return figures;
        }
    }

    private static Figures run(
            Class<?> program, Path options, PostgresSource source, String name, Contents truth, Path log, Bench.Run run)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            Path recording = program == OurAgent.class ? run.recording("end-to-end-" + name) : null;
            Figures figures =
                    Child.run(program, log, recording, options.toString(), target.url(), Long.toString(truth.rows()));
            check(name, target, truth);
            return figures;
        }
    }

    private static void check(String name, PostgresTarget target, Contents truth) throws Exception {
        Contents found = target.contents();
        if (!found.equals(truth)) {
            throw new IllegalStateException("the target of " + name + " holds " + found + " instead of " + truth);
        }
    }
}
