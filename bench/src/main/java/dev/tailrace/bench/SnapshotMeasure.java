package dev.tailrace.bench;

import dev.tailrace.bench.PostgresTarget.Contents;
import dev.tailrace.demo.EmbeddedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Rows that are there already, from one database to another: the agent's initial snapshot, through the journal and the
 * JDBC sink, from its start until the last row is visible, against {@code COPY} piped into {@code COPY}.
 */
final class SnapshotMeasure implements Measure {
    private static final long ROWS = 5_000_000;
    private static final String ANCHOR = "COPY | COPY";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS);
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say("snapshot: " + rows + " rows");
            source.write(rows, 100_000);
            source.execute("VACUUM ANALYZE orders");
            Contents truth = PostgresTarget.contents(source.server(), PostgresSource.DATABASE);
            Rounds rounds = Rounds.of(
                    run.options().runs(),
                    i -> ours(source, run, "ours" + i, truth, log),
                    i -> theirs(source, "theirs" + i, truth, log),
                    run::say);
            results.accept(rounds.compare("snapshot", ANCHOR, "total", "rows/s", rows));
        }
    }

    private static Figures ours(PostgresSource source, Bench.Run run, String name, Contents truth, Path log)
            throws Exception {
        Path directory = run.directory().resolve(name);
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            String sink = AgentSetup.jdbcSink(target.url(), EmbeddedServer.USER);
            Path file = AgentSetup.write(directory, name, source, "initial", sink);
            Figures figures = Child.run(
                    OurAgent.class,
                    log,
                    run.recording("snapshot-" + name),
                    file.toString(),
                    target.url(),
                    Long.toString(truth.rows()));
            check(target, truth);
            return figures;
        } finally {
            source.forget(List.of(), List.of(name));
            Scratch.delete(directory);
        }
    }

    private static Figures theirs(PostgresSource source, String name, Contents truth, Path log) throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            String from = "jdbc:postgresql://127.0.0.1:" + source.server().port() + "/" + PostgresSource.DATABASE;
            Figures figures = Child.run(CopyPipe.class, log, null, from, target.url());
            check(target, truth);
            return figures;
        }
    }

    private static void check(PostgresTarget target, Contents truth) throws Exception {
        Contents found = target.contents();
        if (!found.equals(truth)) {
            throw new IllegalStateException("the target holds " + found + " instead of " + truth);
        }
    }
}
