package dev.tailrace.capture;

import io.debezium.pipeline.ErrorHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

        /** The places of a queue are made with it. */
        private static final int MOST_RECORDS = 1_000_000;

        private static final int RECORDS_HERE = 8_192;
        private static final int BATCH_HERE = 4_096;
        private static final long BYTES_HERE = 16L << 20;

        /**
         * Those that the operator sets, and ours where he sets none.
         *
         * @throws NumberFormatException for a value in which {@link #problem} finds something
         */
        static Limits of(Map<String, String> options) {
            String records = options.get(RECORDS);
            String batch = options.get(BATCH);
            String bytes = options.get(BYTES);
            int most = records != null
                    ? Integer.parseInt(records)
                    : Math.max(RECORDS_HERE, batch == null ? 0 : 2 * Integer.parseInt(batch));
            return new Limits(
                    most,
                    batch != null ? Integer.parseInt(batch) : Math.max(1, Math.min(BATCH_HERE, most / 2)),
                    bytes != null ? Long.parseLong(bytes) : BYTES_HERE);
        }

        /** What is wrong with the options, if anything is. The engine refuses a queue that holds no more than a batch. */
        static Optional<String> problem(Map<String, String> options) {
            for (String option : List.of(RECORDS, BATCH, BYTES)) {
                long least = option.equals(RECORDS) ? 2 : option.equals(BATCH) ? 1 : 0;
                long most = option.equals(BYTES) ? Long.MAX_VALUE : MOST_RECORDS;
                String value = options.get(option);
                if (value != null && !isNumberBetween(least, most, value)) {
                    return Optional.of(option + " is \"" + value + "\", which is not a whole number from " + least
                            + " to " + most);
                }
            }
            Limits limits = of(options);
            return limits.records > limits.batch
                    ? Optional.empty()
                    : Optional.of(RECORDS + " is " + limits.records + ", which must be more than the " + limits.batch
                            + " of " + BATCH);
        }

        private static boolean isNumberBetween(long least, long most, String value) {
            try {
                long number = Long.parseLong(value);
                return number >= least && number <= most;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        void writeTo(Properties options) {
            options.setProperty(RECORDS, Integer.toString(records));
            options.setProperty(BATCH, Integer.toString(batch));
            options.setProperty(BYTES, "0"); // the engine need not count them as well
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
            while (!worth && left > 0) {
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
     * What the task of the engine polls: the next records, or none. Behind a failure of one of the engine's threads nothing
     * is handed over any more, and the engine's own queue, which stays empty, is asked: it throws the failure. A log client
     * that reads on behind a failure tells positions behind what it failed at.
     *
     * <p>Only then: it is asked under a lock that the thread holds which waits here for room.
     *
     * @param failures of the engine's threads, there once the task has started
     */
    public List<SourceRecord> poll(Optional<ErrorHandler> failures, EnginePoll own) throws InterruptedException {
        List<SourceRecord> batch = take(LOOK);
        if (failures.map(ErrorHandler::getProducerThrowable).isEmpty()) {
            return batch;
        }
        close();
        return own.poll();
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
            worth |= count > 0;
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
