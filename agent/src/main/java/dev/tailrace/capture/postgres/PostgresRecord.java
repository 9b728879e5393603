package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineRecord;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A record of the engine's PostgreSQL connector. */
final class PostgresRecord extends EngineRecord {
    private static final String MESSAGE_TOPIC = TOPIC_PREFIX + ".message";

    private final String source;

    private PostgresRecord(Kind kind, SourceRecord record, String source) {
        super(kind, record);
        this.source = source;
    }

    static PostgresRecord of(SourceRecord record, String source) {
        Kind kind = kindOf(record);
        return new PostgresRecord(
                kind == Kind.DATA && record.topic().equals(MESSAGE_TOPIC) && isMessage(record) ? Kind.POSITION : kind,
                record,
                source);
    }

    /** A table of schema and name that make the same topic is told from a message by its images. */
    private static boolean isMessage(SourceRecord record) {
        return ((Struct) record.value()).schema().field("after") == null;
    }

    /** In the safe form: without {@code lsn_proc}, so that the server resends whole transactions from a commit on. */
    static SourceOffset offset(String source, long lsn, long micros) {
        return new SourceOffset(
                new SourcePosition(source, 0, lsn), Map.of("lsn", lsn, "lsn_commit", lsn, "ts_usec", micros));
    }

    @Override
    public TableId table() {
        if (kind() == Kind.ROWS) {
            return rows().table();
        }
        Struct source = source();
        return new TableId(source.getString("schema"), source.getString("table"));
    }

    @Override
    public SourcePosition position() {
        Long lsn = source().getInt64("lsn");
        if (lsn == null) {
            throw new IllegalStateException("a change of " + table() + " has no position");
        }
        return new SourcePosition(source, 0, lsn);
    }

    /** Where the engine was in the log when it made the record, 0 when it does not say. */
    long place() {
        return offset("lsn") instanceof Long lsn ? lsn : 0;
    }

    /** End of the newest committed transaction that the engine has passed; none before the first one of a start. */
    @Override
    public @Nullable SourceOffset restart() {
        if (completesSnapshot()) {
            return offset("lsn") instanceof Long lsn ? offset(source, lsn, commitMicros()) : null;
        }
        // without lsn_commit the position may lie behind transactions that are still to come
        return offset("lsn_commit") instanceof Long commit ? offset(source, commit, commitMicros()) : null;
    }

    @Override
    public @Nullable SourceOffset restartBefore() {
        return kind() == Kind.POSITION ? restart() : null;
    }

    @Override
    public long commitMicros() {
        return offset("ts_usec") instanceof Long micros ? micros : 0;
    }

    @Override
    public String transactionId() {
        Object id = offset("txId");
        return id == null ? "" : id.toString();
    }

    /** Only the END of a transaction tells where it ends. */
    @Override
    public boolean isJournaled(SourceOffset tail) {
        return kind() == Kind.END
                && offset("lsn_commit") instanceof Long commit
                && Long.compareUnsigned(commit, tail.position().offset()) <= 0;
    }

    @Override
    public boolean standsAlone() {
        return false;
    }

    @Override
    public boolean isSnapshotting() {
        return offset(SNAPSHOT) != null && !completesSnapshot();
    }

    @Override
    public boolean completesSnapshot() {
        return Boolean.TRUE.equals(offset("snapshot_completed"));
    }
}
