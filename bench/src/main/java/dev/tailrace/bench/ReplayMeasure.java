package dev.tailrace.bench;

import dev.tailrace.bench.PostgresTarget.Contents;
import dev.tailrace.demo.EmbeddedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A journal of inserts, then of as many updates in another order, delivered to PostgreSQL by ours, against a loop that
 * makes the same rows out of nothing and writes them with the same statements in groups of the same size, and against
 * Debezium's own sink, which is given them as records.
 */
final class ReplayMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final String LOOP = "hand-written unnest loop";
    private static final String DEBEZIUM = "Debezium's JDBC sink task, reWriteBatchedInserts";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = OrdersJournal.rows(run.options().rows(ROWS));
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say("replay: writing a journal of " + rows + " inserts and " + rows + " updates");
            Path ours = run.directory().resolve("ours");
            OrdersJournal.fill(AgentSetup.write(ours, "bench", source, "never", AgentSetup.unusedSink(ours)), rows);
            EmbeddedServer server = source.server();
            List<Contents> found = new ArrayList<>();
            List<Figures> debezium = new ArrayList<>();
            Rounds rounds = Rounds.of(
                    run.options().runs(),
                    i -> {
                        // Beside each other, and each of them first in turn.
                        if (i % 2 == 1) {
                            debezium.add(theirs(RecordsToSink.class, server, "debezium" + i, rows, log, found));
                        }
                        Figures figures = ours(source, ours, "ours" + i, rows, log, run, found);
                        if (i % 2 == 0) {
                            debezium.add(theirs(RecordsToSink.class, server, "debezium" + i, rows, log, found));
                        }
                        run.say("    debezium " + debezium.get(i).values());
                        return figures;
                    },
                    i -> theirs(UnnestLoop.class, server, "theirs" + i, rows, log, found),
                    run::say);
            if (found.stream().distinct().count() != 1 || found.get(0).rows() != rows) {
                throw new IllegalStateException("the targets do not hold the same " + rows + " rows: " + found);
            }
            for (String phase : List.of("insert", "update")) {
                String name = "replay/" + phase;
                results.accept(rounds.compare(name, LOOP, phase + "_rate", "events/s", rows));
                results.accept(rounds.compare(name + "/warm", LOOP, phase + "_warm", "events/s", rows));
                results.accept(rounds.compare(name + "/cpu", LOOP, phase + "_cpu", "us/event", rows));
                name += "/debezium";
                results.accept(rounds.compareWith(name, DEBEZIUM, debezium, phase + "_rate", "events/s", rows));
                results.accept(
                        rounds.compareWith(name + "/warm", DEBEZIUM, debezium, phase + "_warm", "events/s", rows));
                results.accept(rounds.compareWith(name + "/cpu", DEBEZIUM, debezium, phase + "_cpu", "us/event", rows));
            }
        }
    }

    private static Figures ours(
            PostgresSource source,
            Path directory,
            String name,
            long rows,
            Path log,
            Bench.Run run,
            List<Contents> found)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            Path file = AgentSetup.write(
                    directory, "bench", source, "never", AgentSetup.jdbcSink(target.url(), EmbeddedServer.USER));
            Path recording = run.recording("replay-" + name);
            Figures figures = Child.run(OurReplay.class, log, recording, file.toString(), Long.toString(rows));
            found.add(target.contents());
            return figures;
        }
    }

    private static Figures theirs(
            Class<?> program, EmbeddedServer server, String name, long rows, Path log, List<Contents> found)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(server, name)) {
            Figures figures = Child.run(program, log, null, target.url(), Long.toString(rows));
            found.add(target.contents());
            return figures;
        }
    }
}
