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
}
