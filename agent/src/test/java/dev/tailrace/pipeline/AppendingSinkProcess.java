package dev.tailrace.pipeline;

import dev.tailrace.config.DataSize;
import dev.tailrace.config.Finding;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.WriteResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * The process that {@link PipelineCrashTest} kills: delivers a journal of {@link #TRANSACTIONS} to a file to which every
 * id is appended, and ends when all are delivered.
 */
final class AppendingSinkProcess {
    static final int TRANSACTIONS = 200;

    private AppendingSinkProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (RealJournal real = new RealJournal(directory.resolve("data"))) {
            if (real.journal.schemas().isEmpty()) {
                real.append(0, TRANSACTIONS);
            }
            long end = real.journal.status().readableSequence();
            CountDownLatch done = new CountDownLatch(1);
            Pipeline pipeline = new Pipeline(
                    new PipelineSettings(
                            "out",
                            "append",
                            10,
                            DataSize.ofMebibytes(1),
                            1,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(60),
                            Duration.ofMillis(1)),
                    new AppendingTarget(directory.resolve("out"), done),
                    table -> true,
                    real.journal,
                    directory.resolve("checkpoints"),
                    directory,
                    "shop",
                    RejectSettings.DEFAULT,
                    directory.resolve("dead-letters.db"),
                    new PipelineListener() {},
                    InstantSource.system(),
                    new SplittableRandom(1));
            pipeline.start();
            done.await();
            pipeline.close(Duration.ofSeconds(30));
            System.out.println("delivered up to " + pipeline.status().appliedSequence() + " of " + end);
        }
    }

    private record AppendingTarget(Path file, CountDownLatch done) implements SinkFactory.Definition {
        @Override
        public Sink create() {
            return new AppendingSink(file, done);
        }

        @Override
        public List<Finding> preflight(SinkContext context) {
            return List.of();
        }
    }

    private record AppendingSink(Path file, CountDownLatch done) implements Sink {
        @Override
        public void open(SinkContext context) {}

        @Override
        public WriteResult write(Batch batch) throws SinkException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (ChangeEvent event : batch.events()) {
                    channel.write(ByteBuffer.wrap((event.id().text() + "\n").getBytes(StandardCharsets.UTF_8)));
                }
                channel.force(true);
            } catch (IOException e) {
                throw SinkException.retry("APPEND", "cannot append", e);
            }
            for (ChangeEvent event : batch.events()) {
                if (event.position().offset() == TRANSACTIONS - 1) {
                    done.countDown();
                }
            }
            return WriteResult.durable();
        }

        @Override
        public void close() {}
    }
}
