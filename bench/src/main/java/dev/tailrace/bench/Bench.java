package dev.tailrace.bench;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.ParameterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The program behind {@code scripts/bench}. */
public final class Bench {
    private Bench() {}

    /** Every measure by its name, in the order in which they run. */
    static Map<String, Supplier<Measure>> measures() {
        Map<String, Supplier<Measure>> measures = new LinkedHashMap<>();
        measures.put("capture", CaptureMeasure::new);
        measures.put("replay", ReplayMeasure::new);
        measures.put("http", HttpMeasure::new);
        measures.put("file", FileMeasure::new);
        measures.put("backlog", BacklogMeasure::new);
        measures.put("end-to-end", () -> new EndToEndMeasure(false));
        measures.put("memory", () -> new EndToEndMeasure(true));
        measures.put("latency", LatencyMeasure::new);
        measures.put("snapshot", SnapshotMeasure::new);
        measures.put("idle", IdleMeasure::new);
        measures.put("size", SizeMeasure::new);
        measures.put("start", StartMeasure::new);
        return measures;
    }

    public static void main(String[] args) throws Exception {
        BenchOptions options = new BenchOptions();
        JCommander commander = JCommander.newBuilder()
                .programName("scripts/bench")
                .addObject(options)
                .build();
        try {
            commander.parse(args);
            options.check(measures().keySet());
        } catch (ParameterException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        if (options.help) {
            commander.usage();
            System.out.println("Names: " + String.join(" ", measures().keySet()));
            return;
        }
        Results results = new Results(options.output, options.serverSettings());
        List<Comparison> all = new ArrayList<>();
        Path scratch = options.directory == null
                ? Files.createTempDirectory("tailrace-bench")
                : Files.createDirectories(options.directory);
        try {
            for (String name : options.names(measures().keySet())) {
                Path place = Files.createDirectories(scratch.resolve(name));
                Measure measure = Objects.requireNonNull(measures().get(name)).get();
                measure.run(new Run(options, place), comparison -> {
                    results.append(comparison);
                    all.add(comparison);
                });
                Scratch.delete(place);
            }
        } finally {
            System.out.print(Results.table(all));
            Scratch.delete(scratch);
        }
        System.out.println("Appended to " + options.output.toAbsolutePath());
        // The engines leave threads behind.
        System.exit(0);
    }

    /**
     * One measure's place and options.
     *
     * @param directory of its own; deleted afterwards
     */
    record Run(BenchOptions options, Path directory) {
        void say(String text) {
            System.err.println(text);
        }

        /** Where the flight recorder writes during that run of ours; null when nothing is recorded. */
        @Nullable
        Path recording(String name) throws IOException {
            Path profiles = options.profile;
            return profiles == null
                    ? null
                    : Files.createDirectories(profiles).toAbsolutePath().resolve(name + ".jfr");
        }
    }
}
