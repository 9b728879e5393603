package dev.tailrace.journal;

import dev.tailrace.config.DataSize;
import dev.tailrace.journal.Samples.Opened;
import dev.tailrace.lifecycle.StopSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/**
 * A process that writes as fast as it can and waits as capture does: while the journal may not grow, and after a refusal. Says
 * {@code FORCED n}, {@code WAITS} when it begins to wait, {@code REFUSED code} and {@code FATAL code}; after the last it opens
 * the journal anew. With a second argument it says {@code CLAIMED}, waits for a line, opens the journal as soon as it can and
 * ends.
 */
final class FullDiskChild {
    private static final Duration POLL = Duration.ofMillis(5);

    private final Opened opened;
    private final StopSignal pacer = new StopSignal();
    private final Random random = new Random(7);

    private FullDiskChild(Opened opened) {
        this.opened = opened;
    }

    public static void main(String[] args) throws Exception {
        JournalSettings settings = new JournalSettings(
                Duration.ZERO, DataSize.ofGibibytes(1), DataSize.ofMebibytes(4), DataSize.ofMebibytes(2));
        if (args.length > 1) {
            openOnly(Path.of(args[0]), settings);
            return;
        }
        while (true) {
            try (Opened opened = new Opened(Path.of(args[0]), settings)) {
                System.out.println("EPOCH " + opened.journal.epoch());
                new FullDiskChild(opened).run();
            } catch (JournalException e) {
                refused(e);
            }
        }
    }

    private static void refused(JournalException e) throws InterruptedException {
        System.out.println((e.fatal() ? "FATAL " : "REFUSED ") + e.code() + " " + e.getMessage());
        new StopSignal().pause(Duration.ofMillis(50));
    }

    private static void openOnly(Path path, JournalSettings settings) throws Exception {
        try (DataDirectory directory = DataDirectory.claim(path, Instant.EPOCH)) {
            System.out.println("CLAIMED");
            System.in.read();
            while (true) {
                try (Journal journal = Journals.open(directory, settings, InstantSource.system())) {
                    System.out.println("EPOCH " + journal.epoch());
                    return;
                } catch (JournalException e) {
                    refused(e);
                }
            }
        }
    }

    private void run() throws JournalException, InterruptedException {
        long passed = opened.journal.recovered().sequence();
        opened.journal.hold("reader", passed);
        opened.journal.holdersComplete();
        long number = opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
        while (true) {
            awaitSpace();
            try {
                long sequence = passed;
                for (int i = random.nextInt(4); i >= 0; i--) {
                    sequence = opened.append(number + 1, "x".repeat(random.nextInt(200_000)));
                    number++;
                }
                opened.appender.force();
                System.out.println("FORCED " + number);
                passed = Math.max(passed, sequence - 30); // what is behind may go, so that the journal stays small
                opened.journal.hold("reader", passed);
            } catch (JournalException e) {
                if (e.fatal()) {
                    throw e;
                }
                System.out.println("REFUSED " + e.code());
                pacer.pause(POLL);
            }
        }
    }

    private void awaitSpace() throws InterruptedException {
        if (opened.journal.space() != Space.AVAILABLE) {
            System.out.println("WAITS " + opened.journal.space());
            do {
                pacer.pause(POLL);
            } while (opened.journal.space() != Space.AVAILABLE);
        }
    }
}
