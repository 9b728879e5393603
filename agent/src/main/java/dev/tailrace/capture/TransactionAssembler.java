package dev.tailrace.capture;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.lifecycle.Failpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the stream's records together to whole source transactions and appends them (I5): small ones several to a frame,
 * big ones in parts of bounded size. The offset moves at the end of a transaction only, so that a restart gets every
 * unfinished one again, whole.
 *
 * <p>Nothing here forces the journal. Owned by the capture's polling thread; made anew with every engine.
 */
final class TransactionAssembler {
    /** What one frame, or one part of a transaction, holds at most (give or take the last row). */
    static final int FRAME_EVENTS = 2_000;

    static final long FRAME_BYTES = 1 << 20;

    private final JournalAppender appender;
    private final String source;

    /** End of the newest transaction that the journal has, forced or not. */
    private long tailLsn;

    private long newestCommitMicros;

    private final List<Transaction> complete = new ArrayList<>();
    private int completeEvents;
    private long completeBytes;

    private @Nullable Open open;

    /** Position reached by transactions without captured changes, to be told with or without a frame of its own. */
    private long quietLsn;

    private long quietMicros;

    /** Changes appended or complete, not yet forced, by table. */
    private final Map<TableId, Integer> pending = new HashMap<>();

    /** A transaction whose end has not come yet. */
    private static final class Open {
        final String id;
        final long commitMicros;
        final List<ChangeEvent> events = new ArrayList<>();
        long bytes;
        long records;
        boolean parted;
        long lastLsn;
        long ordinal = -1;

        @Nullable
        Row oldKeyRow;

        Open(String id, long commitMicros) {
            this.id = id;
            this.commitMicros = commitMicros;
        }
    }

    /**
     * @param source of all positions
     * @param tailLsn end of the newest transaction in the journal
     */
    TransactionAssembler(JournalAppender appender, String source, long tailLsn) {
        this.appender = appender;
        this.source = source;
        this.tailLsn = tailLsn;
        this.quietLsn = tailLsn;
    }

    void begin(EngineRecord record) throws JournalException {
        if (open != null) {
            discard(); // the engine began again inside: the source sends the unfinished transaction once more
        }
        open = new Open(record.transactionId(), record.offsetMicros());
    }

    void change(EngineRecord record, TableDecoder decoder) throws JournalException {
        Open transaction = open;
        if (transaction == null) {
            throw new CaptureException(
                    "SOURCE-STREAM-BROKEN",
                    "a change of " + decoder.schema().table() + " came outside of a transaction");
        }
        transaction.records++;
        ChangeEvent event = event(transaction, record, decoder);
        if (event == null) {
            return;
        }
        transaction.events.add(event);
        transaction.bytes += decoder.weight();
        if (transaction.events.size() >= FRAME_EVENTS || transaction.bytes >= FRAME_BYTES) {
            appendPart(transaction);
        }
    }

    private @Nullable ChangeEvent event(Open transaction, EngineRecord record, TableDecoder decoder) {
        char operation = record.operation();
        boolean secondHalf = record.takesKey();
        if ((transaction.oldKeyRow != null) != secondHalf) {
            throw new CaptureException(
                    "SOURCE-STREAM-BROKEN",
                    "an update of the key of " + decoder.schema().table()
                            + " came in halves that do not belong together");
        }
        if (record.givesUpKey()) {
            transaction.oldKeyRow = decoder.oldRow(record.value().getStruct("before"));
            return null; // its other half carries the new row; the two are one UPDATE
        }
        long lsn = record.changeLsn();
        // the same whenever the transaction is sent: its ids are (I8)
        transaction.ordinal = lsn == transaction.lastLsn ? transaction.ordinal + 1 : 0;
        transaction.lastLsn = lsn;
        Row before = null;
        Row after = null;
        Operation kind = secondHalf ? Operation.UPDATE : Operation.ofCode(operation);
        if (kind == Operation.UPDATE || kind == Operation.DELETE) {
            Row oldKeyRow = transaction.oldKeyRow;
            transaction.oldKeyRow = null;
            var image = record.value().getStruct("before");
            before = oldKeyRow != null ? oldKeyRow : image == null ? null : decoder.oldRow(image);
        }
        if (kind == Operation.UPDATE || kind == Operation.INSERT) {
            after = decoder.row(record.value().getStruct("after"));
        }
        return ChangeEvent.ofChange(kind, decoder.schema(), position(lsn), transaction.ordinal, before, after);
    }

    void end(EngineRecord record) throws JournalException {
        Open transaction = open;
        Long commit = record.commitLsn();
        if (transaction == null || commit == null) {
            throw new CaptureException("SOURCE-STREAM-BROKEN", "the end of a transaction came without its beginning");
        }
        if (record.eventCount() != transaction.records || transaction.oldKeyRow != null) {
            throw new CaptureException(
                    "SOURCE-STREAM-BROKEN",
                    "transaction " + transaction.id + " should hold " + record.eventCount() + " changes, but "
                            + transaction.records + " came");
        }
        if (Long.compareUnsigned(commit, tailLsn) <= 0) {
            discard(); // the journal has it already
            return;
        }
        open = null;
        tailLsn = commit;
        newestCommitMicros = transaction.commitMicros;
        if (transaction.parted) {
            count(transaction.events);
            appender.appendPart(
                    new Transaction(
                            transaction.id,
                            position(commit),
                            transaction.commitMicros,
                            transaction.events,
                            false,
                            true),
                    offset(commit, transaction.commitMicros));
            moved(commit, transaction.commitMicros);
        } else if (transaction.events.isEmpty()) {
            moved(commit, transaction.commitMicros);
        } else {
            count(transaction.events);
            complete.add(
                    Transaction.whole(transaction.id, position(commit), transaction.commitMicros, transaction.events));
            completeEvents += transaction.events.size();
            completeBytes += transaction.bytes;
            moved(commit, transaction.commitMicros);
            if (completeEvents >= FRAME_EVENTS || completeBytes >= FRAME_BYTES) {
                appendComplete();
            }
        }
    }

    private void moved(long lsn, long micros) {
        quietLsn = lsn;
        quietMicros = micros;
    }

    /** A heartbeat or a message: between transactions it says how far the source has got without captured changes. */
    void position(EngineRecord record) {
        Long commit = record.commitLsn();
        // without lsn_commit the position may lie behind transactions that are still to come
        if (open == null && commit != null && Long.compareUnsigned(commit, quietLsn) > 0) {
            moved(commit, record.offsetMicros());
        }
    }

    /** Appends the transactions that are complete. The one that is open stays in memory, or in its parts. */
    void appendComplete() throws JournalException {
        if (complete.isEmpty()) {
            return;
        }
        appender.appendTransactions(complete, offset(quietLsn, quietMicros));
        tailLsn = quietLsn;
        complete.clear();
        completeEvents = 0;
        completeBytes = 0;
    }

    /** Whether the source moved on without anything that could have carried its new position into the journal. */
    boolean hasQuietProgress(long journaledLsn) {
        return complete.isEmpty() && Long.compareUnsigned(quietLsn, journaledLsn) > 0 && !isParted();
    }

    void appendQuietProgress(long nowMicros) throws JournalException {
        appender.appendOffset(offset(quietLsn, quietMicros), quietMicros == 0 ? nowMicros : quietMicros);
        tailLsn = quietLsn;
    }

    private boolean isParted() {
        return open != null && open.parted;
    }

    private void appendPart(Open transaction) throws JournalException {
        appendComplete();
        count(transaction.events);
        appender.appendPart(
                new Transaction(
                        transaction.id,
                        position(transaction.lastLsn),
                        transaction.commitMicros,
                        transaction.events,
                        !transaction.parted,
                        false),
                null);
        transaction.parted = true;
        transaction.events.clear();
        transaction.bytes = 0;
        Failpoints.hit("capture.mid-transaction");
    }

    private void discard() throws JournalException {
        if (isParted()) {
            appender.abortParts();
        }
        open = null;
    }

    private void count(List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            pending.merge(event.table(), 1, Integer::sum);
        }
    }

    /** Hands over the counts of what has been appended since the last call. */
    Map<TableId, Integer> takeCounts() {
        Map<TableId, Integer> counts = Map.copyOf(pending);
        pending.clear();
        return counts;
    }

    /** Commit time of the newest complete transaction with captured changes, 0 before the first. */
    long newestCommitMicros() {
        return newestCommitMicros;
    }

    /** Commit time of the transaction that is under way, 0 when none is. */
    long openCommitMicros() {
        return open == null ? 0 : open.commitMicros;
    }

    private SourcePosition position(long lsn) {
        return new SourcePosition(source, 0, lsn);
    }

    /** In the safe form: without {@code lsn_proc}, so that the server resends whole transactions from a commit on. */
    static SourceOffset offset(String source, long lsn, long micros) {
        return new SourceOffset(
                new SourcePosition(source, 0, lsn), Map.of("lsn", lsn, "lsn_commit", lsn, "ts_usec", micros));
    }

    private SourceOffset offset(long lsn, long micros) {
        return offset(source, lsn, micros);
    }
}
