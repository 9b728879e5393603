package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record of the engine, told apart.
 *
 * @param kind what it is
 * @param record itself
 */
record EngineRecord(Kind kind, SourceRecord record) {
    /** Prefix of the engine's topics, which exist only inside of it. */
    static final String TOPIC_PREFIX = "t";

    private static final String TRANSACTION_TOPIC = TOPIC_PREFIX + ".transaction";
    private static final String MESSAGE_TOPIC = TOPIC_PREFIX + ".message";
    private static final String HEARTBEAT_TOPIC = "__debezium-heartbeat." + TOPIC_PREFIX;
    private static final String NEW_KEY_HEADER = "__debezium.newkey";
    private static final String OLD_KEY_HEADER = "__debezium.oldkey";

    enum Kind {
        BEGIN,
        END,
        /** A row or a truncation. */
        DATA,
        /** Nothing but a position. */
        POSITION
    }

    static EngineRecord of(SourceRecord record) {
        String topic = record.topic();
        if (topic.equals(TRANSACTION_TOPIC)) {
            boolean begin = "BEGIN".equals(value(record).getString("status"));
            return new EngineRecord(begin ? Kind.BEGIN : Kind.END, record);
        }
        if (topic.equals(HEARTBEAT_TOPIC) || (topic.equals(MESSAGE_TOPIC) && isMessage(record))) {
            return new EngineRecord(Kind.POSITION, record);
        }
        return new EngineRecord(Kind.DATA, record);
    }

    /** A table of schema and name that make the same topic is told from a message by its images. */
    private static boolean isMessage(SourceRecord record) {
        return value(record).schema().field("after") == null;
    }

    private static Struct value(SourceRecord record) {
        return (Struct) record.value();
    }

    Struct value() {
        return value(record);
    }

    char operation() {
        return value().getString("op").charAt(0);
    }

    Struct source() {
        return value().getStruct("source");
    }

    TableId table() {
        Struct source = source();
        return new TableId(source.getString("schema"), source.getString("table"));
    }

    /** The position of the change itself. */
    long changeLsn() {
        Long lsn = source().getInt64("lsn");
        if (lsn == null) {
            throw new IllegalStateException("a change of " + table() + " has no position");
        }
        return lsn;
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

    /** End of the newest committed transaction that the engine has passed; null before the first one of a start. */
    @Nullable
    Long commitLsn() {
        return offset("lsn_commit") instanceof Long lsn ? lsn : null;
    }

    long offsetLsn() {
        return offset("lsn") instanceof Long lsn ? lsn : 0;
    }

    /** Commit time of the transaction, in microseconds since the epoch. */
    long offsetMicros() {
        return offset("ts_usec") instanceof Long micros ? micros : 0;
    }

    /** Number of the transaction at the source. */
    String transactionId() {
        Object id = offset("txId");
        return id == null ? "" : id.toString();
    }

    /** Whether the engine still takes its snapshot. */
    boolean isSnapshotting() {
        return offset("snapshot") != null && !completesSnapshot();
    }

    boolean completesSnapshot() {
        return Boolean.TRUE.equals(offset("snapshot_completed"));
    }

    private @Nullable Object offset(String name) {
        Map<String, ?> offset = record.sourceOffset();
        return offset == null ? null : offset.get(name);
    }
}
