package dev.tailrace.sink;

import java.util.Optional;

/**
 * A sink whose target keeps the checkpoint itself, in the same atomic step as the data (a target transaction, a
 * truncated file): effectively once. Its checkpoint is the truth; the agent keeps none for it.
 */
public interface CheckpointingSink extends Sink {

    /**
     * The checkpoint found at the target by {@link #open}, empty when the target has never been written by this
     * pipeline. Called once, right after {@code open}. Whether it belongs to the agent's journal is the pipeline's check.
     */
    Optional<Checkpoint> checkpoint() throws SinkException;

    /**
     * Writes changes that had to wait, out of their turn: the checkpoint stays where it is. Durable when it returns. Never
     * called while a write is {@link WriteResult#PENDING}.
     *
     * @param token names this attempt; letters, digits and {@code -}
     * @param batch with changes of frames that the checkpoint has passed
     */
    void redrive(String token, Batch batch) throws SinkException;

    /**
     * The token of the last {@link #redrive} that the target held at {@link #open}; empty when there was none. To write the
     * same changes twice would not be harmless, not even as upserts: a change of a key finds the new key taken.
     */
    String redriven();
}
