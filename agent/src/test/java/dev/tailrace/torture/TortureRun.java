package dev.tailrace.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.SourceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run with one source: round after round, each with a new shop and a new agent. {@code -Dtorture.seconds} says how long
 * the shops are open, {@code -Dtorture.seed} repeats a run's choices, {@code -Dtorture.only=poison,kill} leaves only the
 * disturbances with such names.
 */
final class TortureRun {
    /** The short form makes the same choices every time; {@code scripts/torture} makes others. */
    private static final long SEED = Long.getLong("torture.seed", 20261128);

    private static final long SECONDS = Long.getLong("torture.seconds", 75);
    /** After so long a new shop is opened, so that comparing stays short. */
    private static final long ROUND = 600;

    private static final List<String> ONLY = Stream.of(
                    System.getProperty("torture.only", "").split(","))
            .filter(name -> !name.isBlank())
            .toList();

    private static final int LISTED = 40;

    private TortureRun() {}

    /** Makes the source's server in an empty directory. */
    @FunctionalInterface
    interface Starter {
        SourceServer start(Path directory) throws IOException;
    }

    static void run(String kind, Starter starter) throws Exception {
        System.out.println("torture.seed=" + SEED + " source " + kind + ", " + SECONDS + " s");
        Path directory = Files.createTempDirectory("tailrace-torture-" + kind);
        boolean well = false;
        try (Closing closing = new Closing();
                SourceServer source = closing.keep(starter.start(directory.resolve("source")));
                EmbeddedServer target = closing.keep(EmbeddedServer.start(directory.resolve("target")))) {
            int rounds = (int) ((SECONDS + ROUND - 1) / ROUND);
            for (int round = 1; round <= rounds; round++) {
                round(kind, round, rounds, directory, closing, source, target);
            }
            well = true;
        } finally {
            if (well) {
                delete(directory);
            } else {
                System.out.println("torture: FAILED with torture.seed=" + SEED + "; everything is in " + directory);
            }
        }
    }

    private static void round(
            String kind,
            int round,
            int rounds,
            Path directory,
            Closing closing,
            SourceServer source,
            EmbeddedServer target)
            throws Exception {
        boolean isShort = SECONDS < 300;
        Torture.Plan plan = new Torture.Plan(
                SEED + round - 1,
                Duration.ofSeconds(SECONDS / rounds),
                isShort
                        ? new Scheduler.Pace(Duration.ofSeconds(3), Duration.ofSeconds(10))
                        : new Scheduler.Pace(Duration.ofSeconds(8), Duration.ofSeconds(40)),
                isShort ? 250 : 800, // what is written has to be compared
                isShort ? 600 : 6000,
                ONLY);
        Path place = directory.resolve("round-" + round);
        TortureRig made = closing.keep(
                new TortureRig(source, target, place, "torture" + round, plan.seed(), plan.diskMegabytes()));
        try (TortureRig rig = made) {
            Torture.Verdict verdict;
            try {
                verdict = Torture.round(plan, rig);
            } catch (Exception | AssertionError e) {
                rig.keepData();
                throw e;
            }
            System.out.println("torture " + kind + ", round " + round + " of " + rounds + ": " + verdict.text());
            if (!verdict.wrong().isEmpty()) {
                rig.keepData();
            }
            assertThat(verdict.wrong().stream().limit(LISTED))
                    .as("%s wrong with torture.seed=%s", verdict.wrong().size(), SEED)
                    .isEmpty();
        }
        closing.forget(made);
        delete(place);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
