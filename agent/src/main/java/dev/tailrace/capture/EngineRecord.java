package dev.tailrace.capture;

import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** One record of the engine, told apart. What depends on the source is its {@link RecordReader}'s. */
public abstract class EngineRecord {
    /** Prefix of the engine's topics, which exist only inside of it. */
    public static final String TOPIC_PREFIX = "t";

    /** In an offset while a snapshot is taken. */
    protected static final String SNAPSHOT = "snapshot";

    private static final String TRANSACTION_TOPIC = TOPIC_PREFIX + ".transaction";
    private static final String HEARTBEAT_TOPIC = "__debezium-heartbeat." + TOPIC_PREFIX;
    private static final String NEW_KEY_HEADER = "__debezium.newkey";
    private static final String OLD_KEY_HEADER = "__debezium.oldkey";

    /** What a record says. */
    public enum Kind {
        BEGIN,
        END,
        /** A row or a truncation. */
        DATA,
        /** {@link SnapshotRows}. */
        ROWS,
        /** Nothing but a position. */
        POSITION
    }

    private final Kind kind;
    private final SourceRecord record;

    protected EngineRecord(Kind kind, SourceRecord record) {
        this.kind = kind;
        this.record = record;
    }

    /** The kind by the topic alone. */
    protected static Kind kindOf(SourceRecord record) {
        if (record.value() instanceof SnapshotRows) {
            return Kind.ROWS;
        }
        String topic = record.topic();
        if (topic.equals(TRANSACTION_TOPIC)) {
            return "BEGIN".equals(((Struct) record.value()).getString("status")) ? Kind.BEGIN : Kind.END;
        }
        return topic.equals(HEARTBEAT_TOPIC) ? Kind.POSITION : Kind.DATA;
    }

    /** Whether something ends with the record, so that the journal has a use for what came until then. */
    static boolean completes(SourceRecord record) {
        return switch (kindOf(record)) {
            case END, POSITION, ROWS -> true;
            case BEGIN, DATA -> false;
        };
    }

    protected Kind kind() {
        return kind;
    }

    protected SourceRecord record() {
        return record;
    }

    protected Struct value() {
        return (Struct) record.value();
    }

    protected SnapshotRows rows() {
        return (SnapshotRows) record.value();
    }

    protected char operation() {
        return value().getString("op").charAt(0);
    }

    protected Struct source() {
        return value().getStruct("source");
    }

    long eventCount() {
        Long count = value().getInt64("event_count");
        return count == null ? -1 : count;
    }

    /** The first half of an update of the key. */
    boolean givesUpKey() {
        return header(NEW_KEY_HEADER) != null;
    }

    /** The second half. */
    boolean takesKey() {
        return header(OLD_KEY_HEADER) != null;
    }

    private @Nullable Header header(String name) {
        return record.headers().lastWithName(name);
    }

    protected @Nullable Object offset(String name) {
        Map<String, ?> offset = record.sourceOffset();
        return offset == null ? null : offset.get(name);
    }

    /** Of a row or truncation. */
    public abstract TableId table();

    /** The position of the change itself. */
    public abstract SourcePosition position();

    /**
     * Where the source can be read from again when everything up to and including this record is journaled: behind the
     * transaction for its END, before it for its BEGIN. Null when the record does not tell it.
     */
    public abstract @Nullable SourceOffset restart();

    /**
     * The same before this record, for a record that stands between transactions: the BEGIN of one, one that is a
     * transaction of its own, a mere position. Null for all others, and where the record does not tell it.
     */
    public abstract @Nullable SourceOffset restartBefore();

    /** Identity of the transaction at the source. */
    public abstract String transactionId();

    /** Commit time of the transaction, in microseconds since the epoch. */
    public abstract long commitMicros();

    /** Whether the transaction of this BEGIN or END is one that a journal with that tail has already. */
    public abstract boolean isJournaled(SourceOffset tail);

    /** Whether this change stands outside of BEGIN and END and is a transaction of its own. */
    public abstract boolean standsAlone();

    /** Whether the engine still takes its snapshot, and this record is not its last. */
    public abstract boolean isSnapshotting();

    /** Whether this is the last record of the snapshot; then {@link #restart} is where the stream begins. */
    public abstract boolean completesSnapshot();
}
