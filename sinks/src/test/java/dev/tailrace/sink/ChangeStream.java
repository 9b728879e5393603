package dev.tailrace.sink;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes changes as a source would send them: positions grow, a commit ends a transaction, every commit and every part
 * is one journal frame.
 */
public final class ChangeStream {
    /** The journal that the frames' numbers belong to. */
    public static final String JOURNAL = "journal-1";
    /** Of the start that wrote all frames. */
    public static final String TOKEN = "00000000000000a1";

    private static final String SOURCE = "pg-7461352123456789012-1";
    private static final long START_MICROS = 1_764_000_000_123_456L;

    private final List<Frame> frames = new ArrayList<>();
    private final List<ChangeEvent> open = new ArrayList<>();
    private long lsn = 0x16B3748L;
    private long xid = 700;
    private boolean first = true;

    /** One frame of the journal: what a batch is made of. */
    public record Frame(long sequence, Transaction transaction) {
        public Checkpoint checkpoint() {
            return new Checkpoint(
                    JOURNAL, sequence, TOKEN, transaction.position().toString());
        }

        /** The frame in a batch of its own. */
        public Batch batch() {
            return ChangeStream.batch(List.of(this));
        }
    }

    /** Puts frames into one batch, as the pipeline does. */
    public static Batch batch(List<Frame> frames) {
        return new Batch(
                frames.stream().map(Frame::transaction).toList(),
                frames.get(0).sequence() - 1,
                frames.get(frames.size() - 1).checkpoint());
    }

    public ChangeStream insert(TableSchema schema, Object... values) {
        return add(Operation.INSERT, schema, null, Row.of(schema, values));
    }

    public ChangeStream read(TableSchema schema, Object... values) {
        open.add(ChangeEvent.ofSnapshot(
                Operation.READ, schema, position(), 3, frames.size() * 1000L + open.size(), Row.of(schema, values)));
        return this;
    }

    /** A change that left the key alone, of a table whose source sends no before image. */
    public ChangeStream update(TableSchema schema, Object... values) {
        return add(Operation.UPDATE, schema, null, Row.of(schema, values));
    }

    /** A change of the key; the before image holds the old key alone. */
    public ChangeStream rekey(TableSchema schema, List<?> oldKey, Object... values) {
        return add(Operation.UPDATE, schema, keyRow(schema, oldKey), Row.of(schema, values));
    }

    /** A deletion whose before image holds the key alone. */
    public ChangeStream delete(TableSchema schema, Object... key) {
        return add(Operation.DELETE, schema, keyRow(schema, List.of(key)), null);
    }

    public ChangeStream truncate(TableSchema schema) {
        return add(Operation.TRUNCATE, schema, null, null);
    }

    public ChangeStream add(Operation operation, TableSchema schema, Row before, Row after) {
        lsn += 0x38;
        open.add(ChangeEvent.ofChange(operation, schema, position(), 0, before, after));
        return this;
    }

    /** Ends the transaction with what was added since the last commit or part. */
    public Frame commit() {
        return frame(true);
    }

    /** Ends one part of a transaction that goes on. */
    public Frame part() {
        return frame(false);
    }

    private Frame frame(boolean last) {
        lsn += 0x40;
        Transaction transaction = new Transaction(
                Long.toString(xid), position(), START_MICROS + frames.size() * 1_000_003L, open, first, last);
        open.clear();
        first = last;
        xid += last ? 1 : 0;
        Frame frame = new Frame(frames.size() + 1L, transaction);
        frames.add(frame);
        return frame;
    }

    /** All frames so far, numbered from 1. */
    public List<Frame> frames() {
        return List.copyOf(frames);
    }

    /** All changes of the frames so far. */
    public List<ChangeEvent> events() {
        return eventsOf(frames);
    }

    public static List<ChangeEvent> eventsOf(List<Frame> frames) {
        return frames.stream().flatMap(f -> f.transaction().events().stream()).toList();
    }

    private SourcePosition position() {
        return new SourcePosition(SOURCE, 0, lsn);
    }

    private static Row keyRow(TableSchema schema, List<?> key) {
        Object[] values = new Object[schema.size()];
        java.util.Arrays.fill(values, Row.absent());
        for (int i = 0; i < key.size(); i++) {
            values[schema.key().get(i)] = key.get(i);
        }
        return Row.of(schema, values);
    }
}
