package dev.tailrace.pipeline;

import dev.tailrace.config.DataSize;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.file.FileSinkFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that {@link FileSinkCrashTest} kills: delivers a journal of {@link #TRANSACTIONS} to the real file sink,
 * {@link #BATCH} in a batch, and ends when all are delivered.
 */
final class FileSinkProcess {
    static final int TRANSACTIONS = 200;
    static final int BATCH = 10;
    /** A file is full with the third batch in it. */
    static final int ROTATE_ROWS = 2 * BATCH + 1;

    private FileSinkProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        SinkFactory.Definition archive = new FileSinkFactory()
                .configure(
                        new MapSettings(Map.of("directory", directory.resolve("archive"), "rotate-rows", ROTATE_ROWS)));
        try (RealJournal real = new RealJournal(directory.resolve("data"))) {
            if (real.journal.schemas().isEmpty()) {
                real.append(0, TRANSACTIONS);
            }
            long end = real.journal.status().readableSequence();
            Pipeline pipeline = new Pipeline(
                    new PipelineSettings(
                            "archive",
                            "file",
                            BATCH,
                            DataSize.ofMebibytes(1),
                            1,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(60),
                            Duration.ofMillis(1)),
                    archive,
                    RealJournal.ORDERS::equals,
                    real.journal,
                    directory.resolve("checkpoints"),
                    directory.resolve("sink"),
                    "shop",
                    RejectSettings.DEFAULT,
                    directory.resolve("dead-letters.db"),
                    new PipelineListener() {},
                    InstantSource.system(),
                    new SplittableRandom(1));
            pipeline.start();
            while (pipeline.status().appliedSequence() < end
                    && pipeline.status().state() != PipelineState.HALTED) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            pipeline.close(Duration.ofSeconds(30));
            System.out.println(pipeline.status() + " of " + end);
            if (pipeline.status().state() == PipelineState.HALTED) {
                throw new IllegalStateException("halted");
            }
        }
    }
}
