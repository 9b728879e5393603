package dev.tailrace.journal;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The durable form of transactions and their changes. Every change is preceded by its length and then by its schema, so
 * that a reader passes over what it does not want, and over fields it does not know, without decoding.
 */
final class TransactionCodec {
    private static final int FIRST = 1;
    private static final int LAST = 2;
    private static final int BEFORE = 1;
    private static final int AFTER = 2;

    private TransactionCodec() {}

    static void write(FrameOutput out, Transaction transaction, SourcePosition base) {
        out.string(transaction.id());
        OffsetCodec.writeNear(out, transaction.position(), base);
        out.zigzag(transaction.commitMicros());
        out.u8((transaction.first() ? FIRST : 0) | (transaction.last() ? LAST : 0));
        List<ChangeEvent> events = transaction.events();
        out.varint(events.size());
        for (int i = 0; i < events.size(); i++) {
            long length = out.reserve();
            writeEvent(out, events.get(i), transaction.position());
            out.patch(length);
        }
    }

    static void writeEvent(FrameOutput out, ChangeEvent event, SourcePosition base) {
        Row before = event.before();
        Row after = event.after();
        out.varint(event.schema().id());
        out.u8(event.operation().code());
        out.u8((before != null ? BEFORE : 0) | (after != null ? AFTER : 0));
        OffsetCodec.writeNear(out, event.position(), base);
        out.varint(event.ordinal());
        out.zigzag(event.snapshotEpoch());
        writeImage(out, event, before);
        writeImage(out, event, after);
    }

    private static void writeImage(FrameOutput out, ChangeEvent event, @Nullable Row row) {
        if (row == null) {
            return;
        }
        if (row.schema() != event.schema() && !row.schema().equals(event.schema())) {
            throw new IllegalArgumentException(event + ": its row has another schema");
        }
        RowCodec.write(out, row);
    }

    /**
     * @param schemas finds a schema by the number it has in the journal
     * @param tables whose changes are wanted
     */
    static Transaction read(
            FrameInput in, SourcePosition base, IntFunction<TableSchema> schemas, Predicate<TableId> tables) {
        String id = in.string();
        SourcePosition position = OffsetCodec.readNear(in, base);
        long commitMicros = in.zigzag();
        int flags = in.u8();
        int count = in.count();
        List<ChangeEvent> events = new ArrayList<>(count);
        TableSchema schema = null;
        boolean wanted = false;
        for (int i = 0; i < count; i++) {
            int length = in.i32();
            long end = in.position() + length;
            int schemaId = schemaId(in);
            if (schema == null || schema.id() != schemaId) {
                schema = schemas.apply(schemaId);
                wanted = tables.test(schema.table());
            }
            if (wanted) {
                events.add(readEvent(in, schema, position));
            }
            in.skipTo(end);
        }
        return new Transaction(id, position, commitMicros, events, (flags & FIRST) != 0, (flags & LAST) != 0);
    }

    /** What {@link #writeEvent} puts before the change itself. */
    static int schemaId(FrameInput in) {
        return (int) in.varint();
    }

    static ChangeEvent readEvent(FrameInput in, TableSchema schema, SourcePosition base) {
        Operation operation = Operation.ofCode((char) in.u8());
        int images = in.u8();
        SourcePosition position = OffsetCodec.readNear(in, base);
        long ordinal = in.varint();
        long snapshotEpoch = in.zigzag();
        Row before = (images & BEFORE) != 0 ? RowCodec.read(in, schema) : null;
        Row after = (images & AFTER) != 0 ? RowCodec.read(in, schema) : null;
        return snapshotEpoch >= 0
                ? ChangeEvent.ofSnapshot(operation, schema, position, snapshotEpoch, ordinal, after)
                : ChangeEvent.ofChange(operation, schema, position, ordinal, before, after);
    }
}
