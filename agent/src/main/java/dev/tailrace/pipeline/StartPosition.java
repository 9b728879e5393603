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
    private final String file;

    /**
     * @param pipeline {@code agent/sink}
     * @param file the agent's own checkpoint of this sink
     */
    StartPosition(String pipeline, String type, Journal journal, String file) {
        this.pipeline = pipeline;
        this.type = type;
        this.journal = journal;
        this.file = file;
    }

    /** For a sink that keeps its checkpoint at the target; the agent's own counts only where both still agree. */
    long ofTarget(Optional<Checkpoint> target, Optional<StoredCheckpoint> stored) throws SinkException {
        if (target.isPresent()) {
            checkJournal(target.get().journal(), "The target's checkpoint", forgetAtTarget());
        }
        long sequence = target.map(Checkpoint::sequence).orElse(0L);
        String token = target.map(Checkpoint::token).orElse("");
        boolean agrees = stored.isPresent()
                && stored.get().journal().equals(journal.id())
                && stored.get().target() == sequence
                && stored.get().targetToken().equals(token)
                && stored.get().passed() > sequence;
        if (agrees) {
            // The frame that the target names may be deleted already: the note was stored when it was known.
            return check(stored.get().passed(), stored.get().token(), "remove " + file);
        }
        return target.isPresent() ? check(sequence, token, forgetAtTarget()) : checkNew();
    }

    /** For a sink whose checkpoint the agent keeps. */
    long ofAgent(Optional<StoredCheckpoint> stored) throws SinkException {
        if (stored.isEmpty()) {
            return checkNew();
        }
        checkJournal(stored.get().journal(), "The checkpoint " + file, "remove " + file);
        return check(stored.get().passed(), stored.get().token(), "remove " + file);
    }

    private void checkJournal(String found, String what, String forget) throws SinkException {
        if (!found.equals(journal.id())) {
            throw SinkException.halt(
                    "PIPELINE-OTHER-JOURNAL",
                    what + " of " + pipeline + " counts the frames of journal " + found
                            + ", but this agent's journal is " + journal.id()
                            + ": nothing says which changes the target lacks",
                    fillAnew("Start the agent with the data directory that holds journal " + found, forget),
                    null);
        }
    }

    private long checkNew() throws SinkException {
        JournalStatus status = journal.status();
        if (status.firstSequence() > 1) {
            throw historyGone(
                    "The new pipeline " + pipeline + " cannot be filled: the journal begins at frame "
                            + status.firstSequence() + ", behind the initial snapshot",
                    forgetAtTarget());
        }
        return 0;
    }

    private long check(long sequence, String token, String forget) throws SinkException {
        JournalStatus status = journal.status();
        long end = Math.max(status.readableSequence(), status.durableSequence());
        String holds = "The target of " + pipeline + " holds everything up to frame " + sequence;
        if (sequence > end) {
            throw SinkException.halt(
                    "PIPELINE-AHEAD",
                    holds + ", but the journal ends at frame " + end
                            + ": the data directory was put back from an older copy",
                    fillAnew("Put the newest data directory back", forget),
                    null);
        }
        if (status.firstSequence() > sequence + 1) {
            throw historyGone(
                    holds + ", but the journal begins at frame " + status.firstSequence()
                            + ": the changes between are gone",
                    forget);
        }
        String ours = journal.tokenOf(sequence);
        if (!token.equals(ours)) {
            throw SinkException.halt(
                    "PIPELINE-DIVERGED",
                    holds + " of " + start(token) + ", but in this journal that frame is of " + start(ours)
                            + ": the data directory was put back from an older copy, or two copies of it were started",
                    fillAnew("Start the agent with the data directory that filled this target", forget),
                    null);
        }
        return sequence;
    }

    private static String start(String token) {
        return token.isEmpty() ? "a start without token" : "start " + token;
    }

    private static SinkException historyGone(String message, String forget) {
        return SinkException.halt(
                "PIPELINE-HISTORY-GONE",
                message,
                "Take a new snapshot for it: stop the agent, move the journal's directory away, empty the target's tables, "
                        + forget + ", and start again.",
                null);
    }

    private static String fillAnew(String otherwise, String forget) {
        return otherwise + ". If that is lost for good: stop the agent, empty the target's tables, " + forget
                + ", and start again; the target is filled from the beginning of this journal.";
    }

    private String forgetAtTarget() {
        return switch (type) {
            case "jdbc" -> "run there: DELETE FROM tailrace_checkpoint WHERE pipeline = '" + pipeline + "'";
            case "file" -> "move the sink's directory away";
            default -> "remove " + file;
        };
    }
}
