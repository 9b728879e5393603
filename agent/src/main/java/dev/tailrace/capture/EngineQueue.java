package dev.tailrace.capture;

import io.debezium.pipeline.ErrorHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes the engine's records from the thread that makes them to the one that journals them, in order. The engine's own queue
 * hands over when a poll interval is over or a whole batch has come ({@code ChangeEventQueue.poll} of the engine's version
 * 3.6.1): this one as soon as a transaction is complete. What waits is bounded by records and by bytes; a record that is
 * larger than all room waits alone.
 *
 * <p>Nothing in it is durable or told to the source as done (I1): what a crash finds here is read again.
 *
 * <p>Any thread may put and close; one thread takes.
 */
public final class EngineQueue {
    /** Records of an unfinished transaction that are worth a hand-over: the reader has work while they come. */
    private static final int WORTH_RECORDS = 512;

    private static final int WORTH_BYTES = 1 << 20;

    /** A guess at what a record takes of the heap beside the values of its images: above all the block about the source. */
    private static final int RECORD_BYTES = 1_500;

    private static final int VALUE_BYTES = 24;

    /**
     * What an engine's options say of its queue.
     *
     * @param records at most in the queue
     * @param batch records at most in one hand-over
     * @param bytes of all records in the queue, roughly; 0 for any number
     */
    public record Limits(int records, int batch, long bytes) {
        static final String RECORDS = "max.queue.size";
        static final String BATCH = "max.batch.size";
        static final String BYTES = "max.queue.size.in.bytes";

        /** @throws NumberFormatException for a value that is no number */
        static Limits of(Properties options) {
            return new Limits(
                    Integer.parseInt(options.getProperty(RECORDS)),
                    Integer.parseInt(options.getProperty(BATCH)),
                    Long.parseLong(options.getProperty(BYTES)));
        }
    }

    /** How often an idle engine gets to say that one of its threads has failed. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final @Nullable SourceRecord[] records;
    private final long[] sizes;
    private int head;
    private int count;
    private long bytes;
    private int unsaid;
    private long unsaidBytes;
    private boolean worth;
    private boolean closed;

    public EngineQueue(Limits limits) {
        this.limits = limits;
        this.records = new SourceRecord[limits.records()];
        this.sizes = new long[limits.records()];
    }

    /**
     * Waits for room.
     *
     * @param completes whether the record ends something, so that it is worth a hand-over
     * @param size in bytes, roughly
     * @throws InterruptedException also when the queue is closed: the engine ends
     */
    public void put(SourceRecord record, boolean completes, long size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && isFull()) {
                tell();
                room.await();
            }
            if (closed) {
                throw new InterruptedException("the engine ends");
            }
            int at = head + count;
            at = at < records.length ? at : at - records.length;
            records[at] = record;
            sizes[at] = size;
            count++;
            bytes += size;
            unsaid++;
            unsaidBytes += size;
            if (completes || unsaid >= WORTH_RECORDS || unsaidBytes >= WORTH_BYTES) {
                tell();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return count == records.length || (limits.bytes() > 0 && bytes >= limits.bytes());
    }

    private void tell() {
        unsaid = 0;
        unsaidBytes = 0;
        worth = true;
        ready.signal();
    }

    /**
     * The next records. Waits for some that are worth it; when none have come in time, those that are there, or none.
     */
    public List<SourceRecord> take(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = atMost.toNanos();
            while (!worth && !closed && left > 0) {
                left = ready.awaitNanos(left);
            }
            int taken = Math.min(count, limits.batch());
            List<SourceRecord> batch = new ArrayList<>(taken);
            for (int i = 0; i < taken; i++) {
                batch.add(first());
            }
            worth &= count > 0;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the task of the engine polls: the next records; where there are none or a thread of the engine has failed, what
     * the engine's own queue says, which tells of the failure. Behind a failure nothing is handed over any more: a log
     * client that reads on tells positions behind what it failed at.
     *
     * @param failures of the engine's threads, there once the task has started
     */
    public List<SourceRecord> poll(Optional<ErrorHandler> failures, EnginePoll own) throws InterruptedException {
        List<SourceRecord> batch = take(LOOK);
        boolean failed = failures.map(ErrorHandler::getProducerThrowable).isPresent();
        return failed || batch.isEmpty() ? own.poll() : batch;
    }

    /** The engine's own queue. */
    public interface EnginePoll {
        List<SourceRecord> poll() throws InterruptedException;
    }

    private SourceRecord first() {
        SourceRecord record = records[head];
        if (record == null) {
            throw new IllegalStateException("a place of the queue is empty");
        }
        records[head] = null;
        bytes -= sizes[head];
        head = head + 1 == records.length ? 0 : head + 1;
        count--;
        return record;
    }

    /** From now on nothing is put: who waits for room is told that the engine ends. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            ready.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What a record takes of the heap, roughly: texts and bytes of its row images count, all else is a guess. */
    static long size(SourceRecord record) {
        return RECORD_BYTES + (record.value() instanceof Struct envelope ? imageSize(envelope) : 0);
    }

    private static long imageSize(Struct envelope) {
        long size = 0;
        for (Field field : envelope.schema().fields()) {
            // rows and no others: the block about the source is the same in all records
            if (field.name().equals("before") || field.name().equals("after")) {
                size += envelope.get(field) instanceof Struct image ? valuesSize(image) : 0;
            }
        }
        return size;
    }

    private static long valuesSize(Struct image) {
        long size = 0;
        for (Field field : image.schema().fields()) {
            Object value = image.get(field);
            if (value instanceof String text) {
                size += VALUE_BYTES + text.length();
            } else if (value instanceof byte[] raw) {
                size += VALUE_BYTES + raw.length;
            } else {
                size += VALUE_BYTES;
            }
        }
        return size;
    }
}
