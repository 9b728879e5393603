package dev.tailrace.bench;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Bytes an event in the journal against the same event as Debezium's JSON without schemas, without what a log adds. */
final class SizeMeasure implements Measure {
    private static final long ROWS = 100_000;
    private static final String ANCHOR = "Debezium JSON, schemas off, key and value";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS);
        Path log = run.directory().resolve("processes.log");
        try (LoggedSource source = PostgresSource.start(
                run.directory().resolve("source"), run.options().serverSettings())) {
            Marks marks = new Marks(source, run.directory().resolve("backlog"));
            Path ours = marks.ours("ours0", AgentSetup.unusedSink(marks.ours("ours0")));
            Path theirs = marks.engine("theirs0");
            Path control = marks.engine("theirs1");
            source.write(rows, 10);
            String count = Long.toString(rows);
            // The same at every run.
            Rounds rounds = Rounds.of(
                    1,
                    i -> Child.run(OurCapture.class, log, null, ours.toString(), count),
                    i -> Child.run(EngineSize.class, log, null, (i == 0 ? theirs : control).toString(), count),
                    run::say);
            marks.forget();
            results.accept(rounds.compare("size/10", ANCHOR, "bytes", "bytes/event", rows));
        }
    }
}
