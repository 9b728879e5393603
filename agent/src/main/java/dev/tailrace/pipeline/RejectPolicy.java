package dev.tailrace.pipeline;

import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkException;
import java.util.Optional;

/** What becomes of a batch that the target refuses. The place where dead letters and parked keys attach. */
@FunctionalInterface
interface RejectPolicy {
    /** Nothing is set aside: the pipeline halts at the first rejected change. */
    RejectPolicy HALT = (batch, rejection) -> Optional.empty();

    /**
     * Makes the refused changes durable elsewhere and gives what is left to deliver.
     *
     * @return the batch without them, with the same checkpoint (I2: set aside durably before this returns); empty when
     *     the pipeline has to halt
     */
    Optional<Batch> withoutRejected(Batch batch, SinkException rejection) throws SinkException;
}
