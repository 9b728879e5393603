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
import java.util.Optional;
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

    /** Behind the newest transaction that the journal has, forced or not; null before the first. */
    private @Nullable SourceOffset tail;

    private long newestCommitMicros;

    private final List<Transaction> complete = new ArrayList<>();
    private int completeEvents;
    private long completeBytes;

    private @Nullable Open open;

    /** Reached by transactions without captured changes, to be told with or without a frame of its own. */
    private @Nullable SourceOffset quiet;

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

        /** The journal has it already: nothing of it is taken again. */
        boolean skipped;

        @Nullable
        SourcePosition lastPosition;

        long ordinal = -1;

        @Nullable
        Row oldKeyRow;

        Open(String id, long commitMicros) {
            this.id = id;
            this.commitMicros = commitMicros;
        }
    }

    /** @param tail where the journal ends, null before its first transaction */
    TransactionAssembler(JournalAppender appender, @Nullable SourceOffset tail) {
        this.appender = appender;
        this.tail = tail;
        this.quiet = tail;
    }

    void begin(EngineRecord record) throws JournalException {
        if (open != null) {
            discard(); // the engine began again inside: the source sends the unfinished transaction once more
        }
        Open transaction = new Open(record.transactionId(), record.commitMicros());
        transaction.skipped = isJournaled(record);
        open = transaction;
    }

    private boolean isJournaled(EngineRecord record) {
        SourceOffset journaled = tail;
        return journaled != null && record.isJournaled(journaled);
    }

    /** What the source wants remembered about its schemas, before the changes behind that record. */
    void remember(EngineRecord record, Map<String, Optional<String>> history) throws JournalException {
        SourceOffset restart = record.restart();
        if (restart == null || open != null || isJournaled(record)) {
            throw new IllegalStateException("schemas are remembered between transactions");
        }
        appendComplete();
        // the offset stands in the same frame: a restart there finds just the schemas of there
        appender.appendHistory(history, false, restart, record.commitMicros());
        tail = restart;
        moved(restart, record.commitMicros());
    }

    /** A change that is a transaction of its own. */
    void alone(EngineRecord record, TableDecoder decoder) throws JournalException {
        begin(record);
        Open transaction = open;
        if (transaction != null && !transaction.skipped) {
            change(record, decoder);
        }
        complete(record);
    }

    void change(EngineRecord record, TableDecoder decoder) throws JournalException {
        Open transaction = open;
        if (transaction == null) {
            throw new CaptureException(
                    "SOURCE-STREAM-BROKEN",
                    "a change of " + decoder.schema().table() + " came outside of a transaction");
        }
        transaction.records++;
        if (transaction.skipped) {
            return;
        }
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
        SourcePosition position = record.position();
        // the same whenever the transaction is sent: its ids are (I8)
        transaction.ordinal = position.equals(transaction.lastPosition) ? transaction.ordinal + 1 : 0;
        transaction.lastPosition = position;
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
        return ChangeEvent.ofChange(kind, decoder.schema(), position, transaction.ordinal, before, after);
    }

    void end(EngineRecord record) throws JournalException {
        Open transaction = open;
        if (transaction == null) {
            throw new CaptureException("SOURCE-STREAM-BROKEN", "the end of a transaction came without its beginning");
        }
        if (record.eventCount() != transaction.records || transaction.oldKeyRow != null) {
            throw new CaptureException(
                    "SOURCE-STREAM-BROKEN",
                    "transaction " + transaction.id + " should hold " + record.eventCount() + " changes, but "
                            + transaction.records + " came");
        }
        complete(record);
    }

    private void complete(EngineRecord record) throws JournalException {
        Open transaction = open;
        SourceOffset restart = record.restart();
        if (transaction == null || restart == null) {
            throw new CaptureException("SOURCE-STREAM-BROKEN", "the end of a transaction came without its position");
        }
        if (transaction.skipped || isJournaled(record)) {
            discard(); // the journal has it already
            return;
        }
        open = null;
        tail = restart;
        newestCommitMicros = transaction.commitMicros;
        count(transaction.events);
        if (transaction.parted) {
            appender.appendPart(
                    new Transaction(
                            transaction.id,
                            restart.position(),
                            transaction.commitMicros,
                            transaction.events,
                            false,
                            true),
                    restart);
            moved(restart, transaction.commitMicros);
            return;
        }
        moved(restart, transaction.commitMicros);
        if (!transaction.events.isEmpty()) {
            complete.add(Transaction.whole(
                    transaction.id, restart.position(), transaction.commitMicros, transaction.events));
            completeEvents += transaction.events.size();
            completeBytes += transaction.bytes;
            if (completeEvents >= FRAME_EVENTS || completeBytes >= FRAME_BYTES) {
                appendComplete();
            }
        }
    }

    private void moved(SourceOffset offset, long micros) {
        quiet = offset;
        quietMicros = micros;
    }

    /** A heartbeat or a message: between transactions it says how far the source has got without captured changes. */
    void position(EngineRecord record) {
        SourceOffset restart = record.restart();
        if (open == null && restart != null && isAhead(restart, quiet)) {
            moved(restart, record.commitMicros());
        }
    }

    private static boolean isAhead(SourceOffset offset, @Nullable SourceOffset of) {
        return of == null
                || !offset.position().equals(of.position())
                        && !offset.position().isBefore(of.position());
    }

    /** Appends the transactions that are complete. The one that is open stays in memory, or in its parts. */
    void appendComplete() throws JournalException {
        if (complete.isEmpty()) {
            return;
        }
        SourceOffset behind = quiet;
        if (behind == null) {
            throw new IllegalStateException("complete transactions without a position");
        }
        appender.appendTransactions(complete, behind);
        tail = behind;
        complete.clear();
        completeEvents = 0;
        completeBytes = 0;
    }

    /** Whether the source moved on without anything that could have carried its new position into the journal. */
    boolean hasQuietProgress(Optional<SourceOffset> journaled) {
        SourceOffset reached = quiet;
        return complete.isEmpty() && reached != null && isAhead(reached, journaled.orElse(null)) && !isParted();
    }

    void appendQuietProgress(long nowMicros) throws JournalException {
        SourceOffset reached = quiet;
        if (reached != null) {
            appender.appendOffset(reached, quietMicros == 0 ? nowMicros : quietMicros);
            tail = reached;
        }
    }

    private boolean isParted() {
        return open != null && open.parted;
    }

    private void appendPart(Open transaction) throws JournalException {
        SourcePosition position = transaction.lastPosition;
        if (position == null) {
            throw new IllegalStateException("a part without changes");
        }
        appendComplete();
        count(transaction.events);
        appender.appendPart(
                new Transaction(
                        transaction.id,
                        position,
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
}
