package dev.tailrace.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What sinks and tables cost the capture that have nothing to do: the same backlog read with more sinks, none of which wants
 * a change of it, and with more captured tables in which nothing changes.
 */
final class IdleMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final int TRANSACTION = 100;
    private static final List<Integer> SINKS = List.of(1, 4, 16);
    private static final List<Integer> TABLES = List.of(100, 1_000);
    private static final String QUIET = "public.quiet_1";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS);
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            Trial trial = new Trial(source, rows, run, results);
            int made = trial.tables(0, 1);
            for (int sinks : SINKS) {
                trial.compare("idle/sinks/" + sinks, "the same without sinks", List.of("public.orders", QUIET), sinks);
            }
            for (int tables : TABLES) {
                made = trial.tables(made, tables - 1);
                trial.compare("idle/tables/" + tables, "the same with one table", List.of("public.*"), 0);
            }
        }
    }

    private record Trial(PostgresSource source, long rows, Bench.Run run, Consumer<Comparison> results) {

        int tables(int from, int to) throws Exception {
            StringBuilder create = new StringBuilder();
            for (int i = from + 1; i <= to; i++) {
                create.append("CREATE TABLE quiet_")
                        .append(i)
                        .append(" (id bigint PRIMARY KEY, name text, at timestamptz);");
            }
            source.execute(create.toString());
            return to;
        }

        void compare(String name, String anchor, List<String> tables, int sinks) throws Exception {
            run.say(name + ": " + rows + " rows, " + TRANSACTION + " a transaction");
            int runs = run.options().runs();
            source.clear();
            Marks marks = new Marks(source, run.directory().resolve("backlog"));
            List<String> idle =
                    IntStream.rangeClosed(1, sinks).mapToObj(i -> "quiet" + i).toList();
            List<Path> ours = new ArrayList<>();
            List<Path> theirs = new ArrayList<>();
            for (int i = 0; i < 2 * runs; i++) {
                theirs.add(marks.ours("without" + i, AgentSetup.unusedSink(marks.ours("without" + i))));
            }
            for (int i = 0; i < runs; i++) {
                String with = "with" + i;
                ours.add(marks.ours(
                        with, tables, AgentSetup.unusedSink(marks.ours(with)) + sinks(idle, marks.ours(with))));
            }
            source.write(rows, TRANSACTION);
            Rounds rounds =
                    Rounds.of(runs, i -> capture(ours.get(i), idle), i -> capture(theirs.get(i), List.of()), run::say);
            marks.forget();
            results.accept(rounds.compare(name, anchor, "rate", "events/s", rows));
            results.accept(rounds.compare(name + "/cpu", anchor, "cpu", "us/event", rows));
        }

        private Figures capture(Path configuration, List<String> idle) throws Exception {
            List<String> arguments = new ArrayList<>(List.of(configuration.toString(), Long.toString(rows)));
            arguments.addAll(idle);
            Path log = run.directory().resolve("processes.log");
            Figures figures = Child.run(OurCapture.class, log, null, arguments.toArray(String[]::new));
            if (figures.get("journaled") != rows) {
                throw new IllegalStateException("the journal holds " + (long) figures.get("journaled") + " changes");
            }
            return figures;
        }
    }

    private static String sinks(List<String> names, Path directory) {
        StringBuilder sinks = new StringBuilder();
        for (String name : names) {
            sinks.append("  - {name: ")
                    .append(name)
                    .append(", type: file, tables: [")
                    .append(QUIET);
            sinks.append("], directory: \"").append(directory.resolve(name)).append("\", format: jsonl}\n");
        }
        return sinks.toString();
    }
}
