package dev.tailrace.bench;

import dev.tailrace.bench.PostgresTarget.Contents;
import dev.tailrace.demo.EmbeddedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a target that was away gets when it is back: inserts, then as many updates in another order. Ours has them in its
 * journal, which was captured from the same log that the stock engine reads to feed Debezium's own JDBC sink task in the same
 * process.
 */
final class BacklogMeasure implements Measure {
    private static final long ROWS = 2_000_000;
    private static final int TRANSACTION = 10;
    private static final String ANCHOR = "stock engine + Debezium's JDBC sink 3.6.0, reWriteBatchedInserts";
    private static final String AGENT = "journal";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS) / TRANSACTION * TRANSACTION;
        if (!OrderRows.scatters(rows)) {
            throw new IllegalArgumentException(rows + " rows: the updates would miss some keys; take another number");
        }
        int runs = run.options().runs();
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say("backlog: " + rows + " inserts and " + rows + " updates, " + TRANSACTION + " a transaction");
            Marks marks = new Marks(source, run.directory().resolve("backlog"));
            Path configuration = marks.ours(AGENT, AgentSetup.unusedSink(marks.ours(AGENT)));
            List<Path> engines = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                engines.add(marks.engine("theirs" + i));
            }
            source.write(rows, TRANSACTION);
            source.update(rows, TRANSACTION);
            Contents truth = PostgresTarget.contents(source.server(), PostgresSource.DATABASE);
            Child.run(OurCapture.class, log, null, configuration.toString(), Long.toString(2 * rows));
            List<Figures> ours = new ArrayList<>();
            List<Figures> theirs = new ArrayList<>();
            for (int i = 0; i < 2 * runs; i++) {
                int round = i / 2;
                // Beside each other, and each of them first in turn.
                if (i % 2 == round % 2) {
                    ours.add(ours(source, marks.ours(AGENT), "ours" + round, rows, truth, log, run));
                } else {
                    theirs.add(theirs(source, engines.get(round), "theirs" + round, rows, truth, log, run));
                }
            }
            marks.forget();
            for (String phase : List.of("insert", "update")) {
                compare("backlog/" + phase, ours, theirs, phase + "_rate", "events/s", rows, results);
                compare("backlog/" + phase + "/warm", ours, theirs, phase + "_warm", "events/s", rows, results);
                compare("backlog/" + phase + "/cpu", ours, theirs, phase + "_cpu", "us/event", rows, results);
            }
        }
    }

    private static void compare(
            String name,
            List<Figures> ours,
            List<Figures> theirs,
            String figure,
            String unit,
            long rows,
            Consumer<Comparison> results) {
        results.accept(new Comparison(
                name,
                ours.stream().map(each -> each.get(figure)).toList(),
                ANCHOR,
                theirs.stream().map(each -> each.get(figure)).toList(),
                List.of(),
                unit,
                rows));
    }

    private static Figures ours(
            PostgresSource source, Path directory, String name, long rows, Contents truth, Path log, Bench.Run run)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            Path file = AgentSetup.write(
                    directory, AGENT, source, "never", AgentSetup.jdbcSink(target.url(), EmbeddedServer.USER));
            Path recording = run.recording("backlog-" + name);
            return checked(
                    Child.run(OurReplay.class, log, recording, file.toString(), Long.toString(rows)),
                    name,
                    target,
                    truth,
                    run);
        }
    }

    private static Figures theirs(
            PostgresSource source, Path options, String name, long rows, Contents truth, Path log, Bench.Run run)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            return checked(
                    Child.run(BacklogToSink.class, log, null, options.toString(), target.url(), Long.toString(rows)),
                    name,
                    target,
                    truth,
                    run);
        }
    }

    private static Figures checked(Figures figures, String name, PostgresTarget target, Contents truth, Bench.Run run)
            throws Exception {
        run.say("    " + name + " " + figures.values());
        Contents found = target.contents();
        if (!found.equals(truth)) {
            throw new IllegalStateException("the target of " + name + " holds " + found + " instead of " + truth);
        }
        return figures;
    }
}
