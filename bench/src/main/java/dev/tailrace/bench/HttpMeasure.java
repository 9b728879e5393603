package dev.tailrace.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A journal of inserts, then of as many updates, delivered by our HTTP sink to a server that only counts, against a client
 * that sends one and the same body of that size.
 */
final class HttpMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final String ANCHOR = "bare client loop, body made once";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = OrdersJournal.rows(run.options().rows(ROWS));
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                        run.directory().resolve("server"), run.options().serverSettings());
                Sponge sponge = new Sponge()) {
            run.say("http: writing a journal of " + rows + " inserts and " + rows + " updates");
            Path ours = run.directory().resolve("ours");
            OrdersJournal.fill(AgentSetup.write(ours, "bench", source, "never", AgentSetup.unusedSink(ours)), rows);
            Sponge.Taken[] taken = {
                ours(source, ours, "first", rows, sponge, log, run).taken()
            };
            Rounds rounds = Rounds.of(
                    run.options().runs(),
                    i -> ours(source, ours, "ours" + i, rows, sponge, log, run).figures(),
                    i -> theirs(rows, taken[0], sponge, log),
                    run::say);
            for (String phase : List.of("insert", "update")) {
                String name = "http/" + phase;
                results.accept(rounds.compare(name, ANCHOR, phase + "_rate", "events/s", rows));
                results.accept(rounds.compare(name + "/warm", ANCHOR, phase + "_warm", "events/s", rows));
            }
        }
    }

    private record Ours(Figures figures, Sponge.Taken taken) {}

    private static Ours ours(
            PostgresSource source, Path directory, String name, long rows, Sponge sponge, Path log, Bench.Run run)
            throws Exception {
        // Each run's sink is a new one, which begins at the journal's beginning.
        String sink = "  - {name: " + name + ", type: http, url: \"" + sponge.url() + "\"}\n";
        Path file = AgentSetup.write(directory, "bench", source, "never", sink);
        Figures figures =
                Child.run(OurReplay.class, log, run.recording("http-" + name), file.toString(), Long.toString(rows));
        return new Ours(figures, checked(sponge.taken(), rows));
    }

    private static Figures theirs(long rows, Sponge.Taken taken, Sponge sponge, Path log) throws Exception {
        long events = taken.events() / taken.requests();
        long bytes = taken.bytes() / taken.requests();
        Figures figures = Child.run(
                HttpLoop.class,
                log,
                null,
                sponge.url(),
                Long.toString(rows),
                Long.toString(events),
                Long.toString(bytes));
        if (sponge.taken().events() < 2 * rows) {
            throw new IllegalStateException("the loop sent too little");
        }
        return figures;
    }

    private static Sponge.Taken checked(Sponge.Taken taken, long rows) {
        if (taken.events() != 2 * rows) {
            throw new IllegalStateException(taken.events() + " changes arrived instead of " + 2 * rows);
        }
        return taken;
    }
}
