package dev.tailrace.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backlog of changes, read to a fsynced journal by ours and to a consumer that only counts by the stock engine. All runs
 * of both sides read the same log: each has marked its place in front of the backlog.
 */
final class CaptureMeasure implements Measure {
    private static final long ROWS = 2_000_000;
    private static final String ANCHOR = "stock engine, no-op consumer";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        try (LoggedSource source =
                LoggedSource.start(run.options(), run.directory().resolve("source"))) {
            if (!run.options().quick) {
                warmUp(run, source);
            }
            for (long perTransaction : run.options().transactions) {
                long rows = run.options().rows(ROWS);
                run.say("capture: " + rows + " rows, " + perTransaction + " a transaction");
                backlog(run, source, rows, perTransaction, run.options().runs(), results);
            }
        }
    }

    /** Fills the file system's cache with libraries and lets the server grow its files; what it measures is dropped. */
    private static void warmUp(Bench.Run run, LoggedSource source) throws Exception {
        run.say("capture: warm-up");
        backlog(run, source, Math.min(50_000, run.options().rows(ROWS)), 100, 1, comparison -> {});
    }

    private static void backlog(
            Bench.Run run, LoggedSource source, long rows, long perTransaction, int runs, Consumer<Comparison> results)
            throws Exception {
        source.clear();
        Marks marks = new Marks(source, run.directory().resolve("backlog"));
        List<Path> configurations = new ArrayList<>();
        List<Path> engines = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            String name = "ours" + i;
            configurations.add(marks.ours(name, AgentSetup.unusedSink(marks.ours(name))));
        }
        for (int i = 0; i < 2 * runs; i++) {
            engines.add(marks.engine("anchor" + i));
        }
        Optional<LogicalReceiver> receiver =
                source instanceof PostgresSource postgres ? LogicalReceiver.find(postgres.server()) : Optional.empty();
        for (int i = 0; i < runs && receiver.isPresent(); i++) {
            marks.engine("receiver" + i);
        }
        source.write(rows, perTransaction);
        List<Figures> received = new ArrayList<>();
        Path log = run.directory().resolve("processes.log");
        Rounds rounds = Rounds.of(
                runs,
                i -> {
                    if (receiver.isPresent()) {
                        received.add(receiver.get().receive("receiver" + i, rows, log));
                        run.say("    receiver " + received.get(i).values());
                    }
                    return ours(configurations.get(i), rows, log, run.recording("capture-" + perTransaction + "-" + i));
                },
                i -> theirs(engines.get(i), rows, log),
                run::say);
        marks.forget();
        String postfix = run.options().source.equals("postgres") ? "" : "-" + run.options().source;
        String name = "capture" + postfix + "/" + perTransaction;
        results.accept(rounds.compare(name, ANCHOR, "rate", "events/s", rows));
        results.accept(rounds.compare(name + "/warm", ANCHOR, "warm", "events/s", rows));
        results.accept(rounds.compare(name + "/cpu", ANCHOR, "cpu", "us/event", rows));
        if (receiver.isPresent()) {
            results.accept(
                    rounds.compareWith(name + "/receiver", LogicalReceiver.NAME, received, "rate", "events/s", rows));
        }
    }

    private static Figures ours(Path configuration, long rows, Path log, @Nullable Path recording) throws Exception {
        Figures figures = Child.run(OurCapture.class, log, recording, configuration.toString(), Long.toString(rows));
        expect("the capture reported", rows, figures.get("count"));
        expect("the journal holds", rows, figures.get("journaled"));
        return figures;
    }

    private static Figures theirs(Path options, long rows, Path log) throws Exception {
        Figures figures = Child.run(EngineCapture.class, log, null, options.toString(), Long.toString(rows));
        expect("the engine delivered", rows, figures.get("count"));
        return figures;
    }

    private static void expect(String what, long rows, double found) {
        if (rows != (long) found) {
            throw new IllegalStateException(what + " " + (long) found + " changes instead of " + rows);
        }
    }
}
