package dev.tailrace.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A journal of inserts, then of as many updates, delivered by our file sink, against a plain buffered writer of lines of that
 * length. Lines of both sides are of the same length, so that events a second compare as bytes a second do.
 */
final class FileMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final String ANCHOR = "plain buffered writer, the same fsyncs";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = OrdersJournal.rows(run.options().rows(ROWS));
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say("file: writing a journal of " + rows + " inserts and " + rows + " updates");
            Path ours = run.directory().resolve("ours");
            OrdersJournal.fill(AgentSetup.write(ours, "bench", source, "never", AgentSetup.unusedSink(ours)), rows);
            long bytes = ours(source, ours, "first", rows, log, run).bytes() / (2 * rows);
            run.say("file: " + bytes + " bytes a line");
            Rounds rounds = Rounds.of(
                    run.options().runs(),
                    i -> ours(source, ours, "ours" + i, rows, log, run).figures(),
                    i -> theirs(run.directory().resolve("theirs" + i), rows, bytes, log),
                    run::say);
            for (String phase : List.of("insert", "update")) {
                String name = "file/" + phase;
                results.accept(rounds.compare(name, ANCHOR, phase + "_rate", "events/s", rows));
                results.accept(rounds.compare(name + "/warm", ANCHOR, phase + "_warm", "events/s", rows));
            }
        }
    }

    /** @param bytes of all lines */
    private record Ours(Figures figures, long bytes) {}

    private static Ours ours(PostgresSource source, Path directory, String name, long rows, Path log, Bench.Run run)
            throws Exception {
        Path archive = run.directory().resolve("archive-" + name);
        // Each run's sink is a new one, which begins at the journal's beginning.
        String sink = "  - {name: " + name + ", type: file, directory: \"" + archive + "\", format: jsonl}\n";
        Path file = AgentSetup.write(directory, "bench", source, "never", sink);
        Figures figures =
                Child.run(OurReplay.class, log, run.recording("file-" + name), file.toString(), Long.toString(rows));
        long bytes = 0;
        long lines = 0;
        try (Stream<Path> all = Files.walk(archive)) {
            for (Path each : all.filter(FileMeasure::holdsChanges).toList()) {
                bytes += Files.size(each);
                lines += lines(each);
            }
        }
        if (lines != 2 * rows) {
            throw new IllegalStateException(lines + " lines were written instead of " + 2 * rows);
        }
        Scratch.delete(archive);
        return new Ours(figures, bytes);
    }

    private static Figures theirs(Path directory, long rows, long bytes, Path log) throws Exception {
        Files.createDirectories(directory);
        Figures figures =
                Child.run(FileLoop.class, log, null, directory.toString(), Long.toString(rows), Long.toString(bytes));
        if (Files.size(directory.resolve("lines.jsonl")) != 2 * rows * bytes) {
            throw new IllegalStateException("the loop wrote something else");
        }
        Scratch.delete(directory);
        return figures;
    }

    /** The sink's own list of its files has lines, too. */
    private static boolean holdsChanges(Path file) {
        return file.toString().contains(".jsonl")
                && !file.getFileName().toString().startsWith("manifest");
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }
}
