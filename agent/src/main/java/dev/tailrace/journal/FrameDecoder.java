package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns verified frames into what readers see. Looks up shapes, if need be by reading the file's SCHEMA frames once more. */
final class FrameDecoder {
    /** Opens a second cursor for looking up shapes. */
    interface CursorSource {
        Cursor open();
    }

    private final SchemaCatalog catalog;
    private final CursorSource cursors;

    FrameDecoder(SchemaCatalog catalog, CursorSource cursors) {
        this.catalog = catalog;
        this.cursors = cursors;
    }

    /** @throws JournalException JOURNAL-CORRUPT when the content is not what its kind needs */
    Frame decode(RawFrame raw, Predicate<TableId> tables) throws JournalException {
        try {
            return switch (raw.kind()) {
                case TRANSACTIONS, PART, SNAPSHOT, OFFSET -> decodeChanges(raw, tables);
                case SCHEMA -> {
                    catalog.add(SchemaCodec.read(raw.payload()));
                    yield plain(raw);
                }
                case SCHEMA_HISTORY -> history(raw);
                default -> plain(raw);
            };
        } catch (RuntimeException e) {
            throw new JournalException(
                    "JOURNAL-CORRUPT",
                    "frame " + raw.sequence() + " (" + raw.kind() + ") cannot be decoded: " + e.getMessage(),
                    "run the version that wrote it, or report this as a defect",
                    false,
                    e);
        }
    }

    private Frame decodeChanges(RawFrame raw, Predicate<TableId> tables) {
        FrameInput in = raw.payload();
        FramePrefix prefix = FramePrefix.read(in);
        int count = in.count();
        List<Transaction> transactions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            transactions.add(TransactionCodec.read(in, prefix.base(), id -> schema(id, raw), tables));
        }
        SourceOffset offset = prefix.offset();
        String position = offset == null ? "" : offset.position().toString();
        return new Frame(
                raw.sequence(), raw.epoch(), raw.kind(), transactions, position, prefix.sourceMicros(), raw.bytes());
    }

    private static Frame history(RawFrame raw) {
        HistoryCodec.Entry entry = HistoryCodec.read(raw.payload());
        SourceOffset offset = entry.offset();
        String position = offset == null ? "" : offset.position().toString();
        return new Frame(
                raw.sequence(), raw.epoch(), raw.kind(), List.of(), position, entry.sourceMicros(), raw.bytes());
    }

    private static Frame plain(RawFrame raw) {
        return new Frame(raw.sequence(), raw.epoch(), raw.kind(), List.of(), "", 0, raw.bytes());
    }

    private TableSchema schema(int id, RawFrame raw) {
        TableSchema schema = catalog.find(id);
        if (schema == null) {
            schema = lookUp(id, raw);
        }
        if (schema == null) {
            throw new IllegalStateException("schema " + id + " is not in the file");
        }
        return schema;
    }

    /** A reader may begin in the middle of a file, behind the shapes: every file holds all that its frames use. */
    private @Nullable TableSchema lookUp(int id, RawFrame raw) {
        try (Cursor cursor = cursors.open()) {
            cursor.moveTo(raw.cycle(), 0);
            RawFrame frame = cursor.read();
            while (frame != null && frame.sequence() < raw.sequence()) {
                if (frame.kind() == Frame.Kind.SCHEMA) {
                    catalog.add(SchemaCodec.read(frame.payload()));
                }
                frame = cursor.read();
            }
        } catch (DamagedFrameException e) {
            throw new IllegalStateException("schema " + id + " cannot be looked up: " + e.getMessage(), e);
        }
        return catalog.find(id);
    }
}
