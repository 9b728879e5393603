package dev.tailrace.pipeline;

import dev.tailrace.journal.JournalException;
import dev.tailrace.sink.TaskAhead;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes portions from the journal, and while one of them is being written reads and decodes the next one on another
 * thread. Only behind a backlog: what is read as soon as it came is read when it is needed, so that it goes together with
 * all that came until then. One portion ahead at most, and none beside a large one.
 *
 * <p>Owned by the pipeline's thread. The reader belongs to the other thread while a task is under way; every method here
 * waits for its end first. A portion that was read ahead changes nothing until it is taken (I2, I3).
 */
final class ReadAhead implements AutoCloseable {
    private final PortionReader frames;
    private final Executor reading;
    private @Nullable TaskAhead<Step, JournalException> ahead;
    private long readSequence;

    /** A portion, with what was known when it had been read. */
    record Step(@Nullable Portion portion, long readSequence, double eventsPerFrame, boolean more) {}

    /**
     * @param frames owned from here on
     * @param reading runs a task soon, or never
     */
    ReadAhead(PortionReader frames, Executor reading) {
        this.frames = frames;
        this.reading = reading;
        this.readSequence = frames.readSequence();
    }

    /** The next frames; its portion is null when none is readable at the moment. */
    Step next() throws JournalException {
        TaskAhead<Step, JournalException> task = ahead;
        ahead = null;
        Step step = task == null ? read() : task.result();
        if (task != null && step.portion() == null) {
            step = read();
        }
        readSequence = step.readSequence();
        if (step.portion() != null && step.more()) {
            TaskAhead<Step, JournalException> next = new TaskAhead<>(JournalException.class, this::read);
            ahead = next;
            reading.execute(next);
        }
        return step;
    }

    /** Waits until there is something to take, when there was nothing; false when the time passed before. */
    boolean awaitMore(Duration atMost) throws InterruptedException {
        return ahead != null || frames.awaitMore(atMost);
    }

    private Step read() throws JournalException {
        Portion portion = frames.next();
        return new Step(portion, frames.readSequence(), frames.eventsPerFrame(), frames.mayReadAhead());
    }

    /** Goes back to right behind that frame; what was read ahead is read again. */
    void rewind(long after) throws JournalException {
        forget();
        frames.rewind(after);
        readSequence = frames.readSequence();
    }

    private void forget() {
        TaskAhead<Step, JournalException> task = ahead;
        ahead = null;
        if (task != null) {
            task.settle();
        }
    }

    /** The last frame passed for what has been taken. */
    long readSequence() {
        return readSequence;
    }

    @Override
    public void close() {
        forget();
        frames.close();
    }
}
