package dev.tailrace.journal;

import dev.tailrace.event.Transaction;
import java.util.List;

/**
 * One frame as a reader sees it.
 *
 * @param sequence its number
 * @param epoch the agent's start that wrote it
 * @param kind what it is
 * @param transactions for TRANSACTIONS one or more whole ones, for PART exactly one part, for SNAPSHOT exactly one whole
 *     pseudo-transaction with the chunk's rows; empty for all others. Changes of tables the reader does not want are left
 *     out, but the transaction stays
 * @param position the source position behind this frame in the source's own words, empty when it has none
 * @param sourceMicros commit time of the last transaction, or the time the offset was read, microseconds since the
 *     epoch, 0 when it has none
 * @param bytes size in the journal
 */
public record Frame(
        long sequence,
        long epoch,
        Kind kind,
        List<Transaction> transactions,
        String position,
        long sourceMicros,
        long bytes) {

    /** The kinds of frames; the ordinal is durable: append only. */
    public enum Kind {
        /** First frame of every cycle: journal id, epoch, aborted ranges. */
        CYCLE,
        /** A new start of the agent. */
        START,
        SCHEMA,
        TRANSACTIONS,
        /** One part of a big transaction. */
        PART,
        /** The parts before it back to the last whole transaction are given up. */
        ABORT,
        SNAPSHOT,
        /** The source's position without changes. */
        OFFSET,
        /** What the source wants remembered about its schemas, with the offset from which that holds. */
        SCHEMA_HISTORY;

        /** Whether such a frame may stand between the parts of one transaction: it is about the frames, or begins a file. */
        public boolean standsAnywhere() {
            return this == CYCLE || this == SCHEMA || this == SCHEMA_HISTORY;
        }
    }

    public Frame {
        transactions = List.copyOf(transactions);
    }
}
