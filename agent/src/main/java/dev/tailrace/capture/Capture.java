package dev.tailrace.capture;

import dev.tailrace.journal.Journal;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Captures one source into the journal, for ever: checks the source before each start (I9), runs the engine, restarts it
 * with growing pauses while the source is out of reach, and halts on what only an operator can mend.
 *
 * <p>Any thread may ask for the status; start and close belong to the agent.
 */
public final class Capture {
    public Capture(SourceSettings settings, Journal journal, CaptureListener listener, InstantSource clock) {}

    /** Begins to work in its own thread and returns at once. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    public CaptureStatus status() {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops: what was appended is fsynced, the slot is released. Idempotent.
     *
     * @return false when the engine did not end in time and was abandoned
     */
    public boolean close(Duration atMost) {
        throw new UnsupportedOperationException();
    }
}
