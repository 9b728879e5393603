package dev.tailrace.pipeline;

import dev.tailrace.journal.JournalException;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkException;
import java.util.Optional;

/** Finds the frame behind which a pipeline goes on. Owned by the pipeline's thread. */
final class Placement {
    private final DeliveryParts parts;
    private final Checkpoints checkpoints;
    private final PipelineProgress progress;
    private final InFlight flight;

    Placement(DeliveryParts parts, InFlight flight) {
        this.parts = parts;
        this.checkpoints = parts.checkpoints();
        this.progress = parts.progress();
        this.flight = flight;
    }

    /**
     * Goes there: at the first opening, and after each new one.
     *
     * @return what was written before, and turned out to be durable at the target
     */
    Optional<Portion> find(Sink opened) throws SinkException, JournalException {
        StartPosition start =
                new StartPosition(parts.pipeline(), parts.settings().type(), parts.journal(), checkpoints.file());
        if (opened instanceof CheckpointingSink keeper) {
            Optional<Checkpoint> found = keeper.checkpoint();
            boolean ours = flight.hasBegun()
                    && found.map(c -> c.journal().equals(parts.journal().id())).orElse(true);
            Portion lost = flight.frozen();
            if (ours && checkpoints.isTarget(found)) {
                flight.rewindPending(checkpoints.durable());
                flight.narrow(); // the target holds nothing of what waits
            } else if (ours
                    && lost != null
                    && found.filter(c -> covers(c, lost)).isPresent()) {
                // The response was lost, not the commit. With parts pending before it, they were committed too.
                return Optional.of(lost);
            } else {
                long sequence = start.ofTarget(found, checkpoints.load());
                startBehind(sequence);
                checkpoints.beginBehindTarget(found, sequence);
            }
        } else if (flight.hasBegun()) {
            flight.rewindPending(checkpoints.durable());
        } else {
            long sequence = start.ofAgent(checkpoints.load());
            startBehind(sequence);
            checkpoints.begin(sequence);
        }
        return Optional.empty();
    }

    private boolean covers(Checkpoint found, Portion lost) {
        return found.sequence() == lost.upTo()
                && found.token().equals(parts.journal().tokenOf(lost.upTo()));
    }

    private void startBehind(long sequence) throws JournalException {
        flight.begin(sequence);
        progress.applied(sequence);
        if (sequence == 0) {
            parts.log().info("{}: begins with the oldest frame of the journal", parts.pipeline());
        } else {
            parts.log().info("{}: goes on behind frame {}", parts.pipeline(), sequence);
        }
    }
}
