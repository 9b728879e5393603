package dev.tailrace.capture;

import dev.tailrace.journal.JournalException;
import dev.tailrace.lifecycle.StopSignal;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the engine, from build to end; a closed engine cannot be started again.
 *
 * <p>{@link #run} blocks the thread that owns it; the engine calls {@link #handleBatch} on its polling thread; any thread
 * may close.
 */
final class EngineRun implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRun.class);
    private static final Duration CLOSE_POLL = Duration.ofMillis(20);

    private final SpaceGate space;
    private final EngineQueue queue;
    private final RecordJournal records;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final StopSignal closing = new StopSignal();

    /** Held while a batch is in the journal's hands: the engine must not interrupt the thread in the middle of an fsync. */
    private final ReentrantLock batch = new ReentrantLock();

    private volatile boolean polling;
    private volatile boolean progressed;
    private volatile boolean ended;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile @Nullable Throwable handlerFailure;
    private volatile @Nullable Throwable engineFailure;

    EngineRun(Properties options, SpaceGate space, EngineQueue queue, RecordJournal records) {
        this.space = space;
        this.queue = queue;
        this.records = records;
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(options)
                .using(getClass().getClassLoader())
                .notifying(this)
                .using((DebeziumEngine.CompletionCallback)
                        (success, message, error) -> completed(success, message, error))
                .using(new DebeziumEngine.ConnectorCallback() {
                    @Override
                    public void pollingStarted() {
                        polling = true;
                    }
                })
                .build();
    }

    private void completed(boolean success, @Nullable String message, @Nullable Throwable error) {
        if (!success) {
            engineFailure = error == null ? new IllegalStateException(String.valueOf(message)) : error;
        }
    }

    /** Runs the engine until it ends. Returns why it ended, null after a close. */
    @Nullable
    Throwable run() {
        try {
            engine.run();
        } finally {
            queue.close(); // a thread of the engine may still wait there for room
            ended = true;
            end.countDown();
        }
        Throwable failure = handlerFailure;
        return failure != null ? failure : closing.isRaised() ? null : engineFailure;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        try {
            take(events, committer);
        } catch (JournalException | RuntimeException e) {
            handlerFailure = e;
            queue.close();
            // never a RetriableException, whatever the cause: the engine would drop the batch and go on
            throw new IllegalStateException("a batch was not taken", e);
        }
    }

    private void take(
            List<RecordChangeEvent<SourceRecord>> events,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException, JournalException {
        if (!space.await(closing)) {
            return; // closing: nothing is marked, so the source sends these again
        }
        batch.lock();
        try {
            if (closing.isRaised() || handlerFailure != null) {
                return;
            }
            records.accept(events.stream().map(RecordChangeEvent::record).toList());
            // I1: marked only now, behind the fsync; what is confirmed is read from the journal's durable tail anyway
            if (!events.isEmpty()) {
                committer.markProcessed(events.get(events.size() - 1));
                progressed = true;
            }
            committer.markBatchFinished();
        } finally {
            batch.unlock();
        }
    }

    /** Whether the engine has started and reads. */
    boolean isPolling() {
        return polling;
    }

    /** Whether anything has reached the journal. */
    boolean hasProgressed() {
        return progressed;
    }

    RecordJournal records() {
        return records;
    }

    /** From now on no batch is taken. */
    void refuse() {
        closing.raise();
        queue.close();
    }

    /** Waits for {@link #run} to have returned, but not for ever; whether it has. */
    boolean awaitEnd(Duration atMost) {
        try {
            return end.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended;
        }
    }

    /** From now on no batch is taken; waits for the one under way to be in the journal, but not for ever. */
    void stopTaking(Duration atMost) throws InterruptedException {
        refuse();
        if (batch.tryLock(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            batch.unlock();
        } else {
            LOG.warn("a batch is still being written after {}", atMost);
        }
    }

    /** Closes the engine, after {@link #stopTaking}; it may hang, so it belongs into a thread of its own. */
    void close() throws IOException, InterruptedException {
        StopSignal pacer = new StopSignal();
        while (!ended) {
            try {
                engine.close();
                return;
            } catch (IllegalStateException e) {
                pacer.pause(CLOSE_POLL); // it refuses while its task starts, and when it is closing by itself
            }
        }
    }
}
