package dev.tailrace.pipeline;

import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.SinkException;
import java.util.Optional;

/**
 * Where a pipeline begins to read: decided from the checkpoint at the target or the agent's own, and refused loudly when
 * the journal cannot go on from there (I9).
 */
final class StartPosition {
    private final String pipeline;
    private final String type;
    private final Journal journal;

    /** @param pipeline {@code agent/sink} */
    StartPosition(String pipeline, String type, Journal journal) {
        this.pipeline = pipeline;
        this.type = type;
        this.journal = journal;
    }

    /** For a sink that keeps its checkpoint at the target; the agent's own counts only where both still agree. */
    long ofTarget(Optional<Checkpoint> target, Optional<StoredCheckpoint> stored) throws SinkException {
        if (target.isPresent()) {
            checkJournal(target.get().journal(), "The target's checkpoint", forgetAtTarget());
        }
        long sequence = target.map(Checkpoint::sequence).orElse(0L);
        boolean agrees = stored.isPresent()
                && stored.get().journal().equals(journal.id())
                && stored.get().target() == sequence;
        return check(agrees ? Math.max(sequence, stored.get().passed()) : sequence);
    }

    /** For a sink whose checkpoint the agent keeps. */
    long ofAgent(Optional<StoredCheckpoint> stored, String file) throws SinkException {
        if (stored.isPresent()) {
            checkJournal(stored.get().journal(), "The checkpoint " + file, "remove " + file);
        }
        return check(stored.map(StoredCheckpoint::passed).orElse(0L));
    }

    private void checkJournal(String found, String what, String forget) throws SinkException {
        if (!found.equals(journal.id())) {
            throw SinkException.halt(
                    "PIPELINE-OTHER-JOURNAL",
                    what + " of " + pipeline + " counts the frames of journal " + found
                            + ", but this agent's journal is " + journal.id()
                            + ": nothing says which changes the target lacks",
                    "Start the agent with the data directory that holds journal " + found
                            + ". If that is lost for good:"
                            + " stop the agent, empty the target's tables, " + forget
                            + ", and start again; the target is filled from the beginning of this journal.",
                    null);
        }
    }

    private long check(long sequence) throws SinkException {
        JournalStatus status = journal.status();
        long end = Math.max(status.readableSequence(), status.durableSequence());
        if (sequence > end) {
            throw SinkException.halt(
                    "PIPELINE-AHEAD",
                    "The target of " + pipeline + " holds everything up to frame " + sequence
                            + ", but the journal ends at" + " frame " + end
                            + ": the data directory was put back from an older copy",
                    "Put the newest data directory back. If it is lost for good: stop the agent, move the journal away so"
                            + " that a new snapshot is taken, empty the target's tables, " + forgetAtTarget()
                            + ", and start again.",
                    null);
        }
        if (status.firstSequence() > sequence + 1) {
            String message = sequence == 0
                    ? "The new pipeline " + pipeline + " cannot be filled: the journal begins at frame "
                            + status.firstSequence() + ", behind the initial snapshot"
                    : "The target of " + pipeline + " holds everything up to frame " + sequence
                            + ", but the journal begins" + " at frame " + status.firstSequence()
                            + ": the changes between are gone";
            throw SinkException.halt(
                    "PIPELINE-HISTORY-GONE",
                    message,
                    "Take a new snapshot for it: stop the agent, move the journal's directory away, empty the target's"
                            + " tables, " + forgetAtTarget() + ", and start again.",
                    null);
        }
        return sequence;
    }

    private String forgetAtTarget() {
        return switch (type) {
            case "jdbc" -> "run there: DELETE FROM tailrace_checkpoint WHERE pipeline = '" + pipeline + "'";
            case "file" -> "move the sink's directory away";
            default -> "remove the pipeline's checkpoint";
        };
    }
}
