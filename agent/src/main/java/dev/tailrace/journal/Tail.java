package dev.tailrace.journal;

import java.util.Map;
import java.util.Optional;

/**
 * The end of the journal as far as it is fsynced.
 *
 * @param offset behind the last complete transaction, heartbeat or finished snapshot; empty before the first
 * @param snapshot how far the initial snapshot has come
 * @param snapshotEpoch the epoch of the last snapshot attempt, -1 when there was none
 * @param snapshotEvents events of the last snapshot attempt
 * @param source the map of the last start marker; empty in a journal that was never started
 * @param sequence number of the last fsynced frame
 */
public record Tail(
        Optional<SourceOffset> offset,
        Snapshot snapshot,
        long snapshotEpoch,
        long snapshotEvents,
        Map<String, String> source,
        long sequence) {

    /** How far the newest snapshot has come. */
    public enum Snapshot {
        NONE,
        RUNNING,
        COMPLETED
    }

    public Tail {
        source = Map.copyOf(source);
    }
}
