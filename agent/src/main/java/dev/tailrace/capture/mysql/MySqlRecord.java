package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineRecord;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A record of the engine's MySQL connector. */
final class MySqlRecord extends EngineRecord {
    private final MySqlReader reader;

    MySqlRecord(SourceRecord record, MySqlReader reader) {
        super(kindOf(record), record);
        this.reader = reader;
    }

    @Override
    public TableId table() {
        Struct source = source();
        return new TableId(source.getString("db"), source.getString("table"));
    }

    @Override
    public SourcePosition position() {
        Struct source = source();
        return new SourcePosition(
                reader.source(),
                reader.fileNumber(source.getString(BinlogOffset.FILE)),
                source.getInt64(BinlogOffset.POSITION));
    }

    @Override
    public @Nullable SourceOffset restart() {
        return switch (kind()) {
            case END -> BinlogOffset.of(reader.source(), offset(), transactionId(), reader.births());
            case BEGIN, POSITION -> BinlogOffset.of(reader.source(), offset(), null, reader.births());
            case DATA ->
                standsAlone()
                        ? BinlogOffset.of(reader.source(), offset(), transactionId(), reader.births())
                        : completesSnapshot()
                                ? BinlogOffset.of(reader.source(), offset(), null, reader.births())
                                : null;
            case ROWS -> null;
        };
    }

    @Override
    public @Nullable SourceOffset restartBefore() {
        if (kind() == Kind.DATA && standsAlone()) {
            // the engine's offset is already behind it
            Struct source = source();
            return BinlogOffset.of(
                    reader.source(),
                    offset(),
                    source.getString(BinlogOffset.FILE),
                    source.getInt64(BinlogOffset.POSITION),
                    null,
                    reader.births());
        }
        return kind() == Kind.BEGIN || kind() == Kind.POSITION
                ? BinlogOffset.of(reader.source(), offset(), null, reader.births())
                : null;
    }

    private Map<String, ?> offset() {
        Map<String, ?> offset = record().sourceOffset();
        if (offset == null) {
            throw new IllegalStateException("the engine sent a record without an offset");
        }
        return offset;
    }

    /** The GTID, else where the transaction begins. */
    @Override
    public String transactionId() {
        if (kind() == Kind.BEGIN || kind() == Kind.END) {
            return value().getString("id");
        }
        Struct source = source();
        String gtid = source.getString("gtid");
        return gtid != null
                ? gtid
                : "file=" + source.getString(BinlogOffset.FILE) + ",pos=" + source.getInt64(BinlogOffset.POSITION);
    }

    @Override
    public long commitMicros() {
        Long millis = kind() == Kind.BEGIN || kind() == Kind.END
                ? value().getInt64("ts_ms")
                : kind() == Kind.DATA ? source().getInt64("ts_ms") : null;
        if (millis != null) {
            return millis * 1_000;
        }
        return offset("ts_sec") instanceof Number seconds ? seconds.longValue() * 1_000_000 : 0;
    }

    /** Told at the beginning already: by its identity, or because the log was read beyond its place. */
    @Override
    public boolean isJournaled(SourceOffset tail) {
        SourceOffset begins = kind() == Kind.END ? restart() : restartBefore();
        if (begins == null || begins.position().isBefore(tail.position())) {
            return begins != null;
        }
        return kind() != Kind.POSITION && transactionId().equals(BinlogOffset.done(tail));
    }

    /** A TRUNCATE is a statement of its own. */
    @Override
    public boolean standsAlone() {
        return kind() == Kind.DATA && operation() == 't';
    }

    @Override
    public boolean isSnapshotting() {
        return offset(SNAPSHOT) != null;
    }

    /** The engine takes the mark of the snapshot from the offset of the last row. */
    @Override
    public boolean completesSnapshot() {
        return kind() == Kind.DATA && operation() == 'r' && !isSnapshotting();
    }
}
