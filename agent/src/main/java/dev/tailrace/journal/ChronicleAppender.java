package dev.tailrace.journal;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.lifecycle.Failpoints;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Encodes frames into one reusable buffer, hands them to the {@link FrameWriter} and keeps the tail. */
final class ChronicleAppender implements JournalAppender {
    private final Object lock;
    private final JournalState state;
    private final FrameWriter frames;
    private final Retention retention;
    private final FrameOutput out = new FrameOutput();
    private int liveFile;

    ChronicleAppender(Object lock, JournalState state, FrameWriter frames, Retention retention) {
        this.lock = lock;
        this.state = state;
        this.frames = frames;
        this.retention = retention;
    }

    @Override
    public void start(Map<String, String> source) throws JournalException {
        synchronized (lock) {
            abortParts();
            OffsetCodec.writeMap(out.reset(), source);
            state.tail.start(frames.append(Frame.Kind.START, out), source);
        }
    }

    @Override
    public TableSchema schema(TableId table, List<Column> columns, List<Integer> key, Map<String, Object> existing)
            throws JournalException {
        TableSchema newest = state.catalog.newest(table);
        if (newest != null && newest.columns().equals(columns) && newest.key().equals(key)) {
            return newest;
        }
        synchronized (lock) {
            int version = newest == null ? 1 : newest.version() + 1;
            TableSchema schema = new TableSchema(state.takeSchemaId(), table, version, columns, key, existing);
            SchemaCodec.write(out.reset(), schema);
            state.tail.pass(frames.append(Frame.Kind.SCHEMA, out));
            state.catalog.add(schema);
            return schema;
        }
    }

    @Override
    public long appendTransactions(List<Transaction> transactions, SourceOffset offset) throws JournalException {
        if (transactions.isEmpty() || !transactions.stream().allMatch(Transaction::isWhole)) {
            throw new IllegalArgumentException("a frame of transactions holds whole ones, at least one");
        }
        synchronized (lock) {
            refuseWithinParts("transactions");
            long commitMicros = transactions.get(transactions.size() - 1).commitMicros();
            return append(Frame.Kind.TRANSACTIONS, FramePrefix.of(offset, commitMicros), transactions);
        }
    }

    @Override
    public long appendPart(Transaction part, @Nullable SourceOffset offset) throws JournalException {
        if (part.last() != (offset != null)) {
            throw new IllegalArgumentException("the offset belongs to the last part, and only to it");
        }
        synchronized (lock) {
            if (part.first() != (state.tail.partsFrom() == 0)) {
                throw new IllegalStateException("parts of transaction " + part.id() + " are not in order");
            }
            if (!part.first()) {
                Failpoints.hit("journal.between-parts");
            }
            SourcePosition base = offset == null ? part.position() : offset.position();
            FramePrefix prefix = new FramePrefix(offset, base, part.commitMicros(), part.first(), part.last(), -1, 0);
            return append(Frame.Kind.PART, prefix, List.of(part));
        }
    }

    @Override
    public void abortParts() throws JournalException {
        synchronized (lock) {
            long from = state.tail.partsFrom();
            if (from == 0) {
                return;
            }
            // I5: readers pass over these parts; the source sends the transaction again, whole.
            SequenceRange range = new SequenceRange(from, state.tail.sequence());
            out.reset().varint(range.from());
            out.varint(range.to());
            state.tail.abort(frames.append(Frame.Kind.ABORT, out), range);
        }
    }

    @Override
    public long appendSnapshot(List<ChangeEvent> rows, long readMicros, @Nullable SourceOffset completed)
            throws JournalException {
        if (rows.isEmpty() && completed == null) {
            throw new IllegalArgumentException("a chunk of a snapshot has rows or completes it");
        }
        synchronized (lock) {
            refuseWithinParts("a snapshot");
            long epoch = snapshotEpoch(rows);
            SourcePosition base =
                    completed != null ? completed.position() : rows.get(0).position();
            FramePrefix prefix = new FramePrefix(completed, base, readMicros, true, true, epoch, rows.size());
            Transaction chunk = Transaction.whole(
                    "snapshot-" + epoch, rows.isEmpty() ? base : rows.get(0).position(), readMicros, rows);
            return append(Frame.Kind.SNAPSHOT, prefix, List.of(chunk));
        }
    }

    private long snapshotEpoch(List<ChangeEvent> rows) {
        if (!rows.isEmpty()) {
            return rows.get(0).snapshotEpoch();
        }
        Tail tail = state.tail.toTail();
        return tail.snapshot() == Tail.Snapshot.RUNNING ? tail.snapshotEpoch() : state.epoch;
    }

    @Override
    public long appendOffset(SourceOffset offset, long sourceMicros) throws JournalException {
        synchronized (lock) {
            refuseWithinParts("an offset");
            return append(Frame.Kind.OFFSET, FramePrefix.of(offset, sourceMicros), List.of());
        }
    }

    @Override
    public long appendHistory(
            Map<String, Optional<String>> changes, boolean anew, @Nullable SourceOffset offset, long sourceMicros)
            throws JournalException {
        synchronized (lock) {
            refuseWithinParts("a schema's history");
            HistoryCodec.Entry entry = new HistoryCodec.Entry(offset, sourceMicros, anew, changes);
            HistoryCodec.write(out.reset(), entry);
            long sequence = frames.append(Frame.Kind.SCHEMA_HISTORY, out);
            out.reset();
            state.tail.history(sequence, entry);
            return sequence;
        }
    }

    private long append(Frame.Kind kind, FramePrefix prefix, List<Transaction> transactions) throws JournalException {
        prefix.write(out.reset());
        out.varint(transactions.size());
        for (Transaction transaction : transactions) {
            TransactionCodec.write(out, transaction, prefix.base());
        }
        long sequence = frames.append(kind, out, outdated(transactions));
        // What a large frame needed is not held until the next one.
        out.reset();
        state.tail.apply(kind, sequence, prefix);
        return sequence;
    }

    /** Notes which tables change. Returns shapes that these changes still have though their tables have got newer ones. */
    private Set<TableSchema> outdated(List<Transaction> transactions) {
        Set<TableSchema> outdated = new LinkedHashSet<>();
        TableSchema last = null;
        for (Transaction transaction : transactions) {
            for (ChangeEvent event : transaction.events()) {
                TableSchema schema = event.schema();
                if (schema != last) {
                    state.changes(schema.table());
                    if (!Objects.equals(schema, state.catalog.newest(schema.table()))) {
                        outdated.add(schema);
                    }
                }
                last = schema;
            }
        }
        return outdated;
    }

    private void refuseWithinParts(String what) {
        if (state.tail.partsFrom() != 0) {
            throw new IllegalStateException(what + " within the parts of a transaction");
        }
    }

    @Override
    public void force() throws JournalException {
        synchronized (lock) {
            frames.force();
            if (frames.liveFile() != liveFile) {
                retention.apply();
                liveFile = frames.liveFile();
            }
        }
    }
}
