package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.lifecycle.Failpoints;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes the engine's records batch by batch and makes them durable: when {@link #accept} returns, everything complete
 * among them is fsynced, and only then may the engine be told so (I1). Owned by the capture's polling thread.
 */
final class RecordJournal {
    private static final long QUIET_FRAME_EVERY_MICROS = 1_000_000;

    private final Journal journal;
    private final JournalAppender appender;
    private final CaptureListener listener;
    private final InstantSource clock;
    private final PgTypes types;
    private final String source;
    private final LongSupplier slotLsn;
    private final Function<TableId, List<String>> primaryKey;
    private final @Nullable SnapshotWriter snapshot;
    private final @Nullable SnapshotMeter meter;
    private TransactionAssembler stream;
    private final Map<Schema, TableDecoder> decoders = new IdentityHashMap<>();
    private final Map<TableId, Schema> newestSchemas = new HashMap<>();
    private long lastQuietFrameMicros;
    private volatile long heardMicros;
    private volatile long lagMicros = -1;

    /**
     * @param snapshot that the engine takes first; null when it goes on streaming
     * @param meter of that snapshot
     * @param slotLsn start of our slot, asked when a snapshot had no row that could tell it
     * @param primaryKey of a table now, asked when nothing else tells it
     */
    RecordJournal(
            Journal journal,
            CaptureListener listener,
            InstantSource clock,
            PgTypes types,
            String source,
            @Nullable SnapshotWriter snapshot,
            @Nullable SnapshotMeter meter,
            LongSupplier slotLsn,
            Function<TableId, List<String>> primaryKey) {
        this.journal = journal;
        this.appender = journal.appender();
        this.listener = listener;
        this.clock = clock;
        this.types = types;
        this.source = source;
        this.snapshot = snapshot;
        this.meter = meter;
        this.slotLsn = slotLsn;
        this.primaryKey = primaryKey;
        this.stream = new TransactionAssembler(appender, source, snapshot == null ? durableLsn() : 0);
    }

    /** Appends and forces. Whatever it throws, nothing of the batch may be confirmed. */
    void accept(List<SourceRecord> records) throws JournalException {
        long before = stream.newestCommitMicros();
        for (SourceRecord record : records) {
            EngineRecord told = EngineRecord.of(record);
            accept(told);
            if (told.kind() == EngineRecord.Kind.DATA) {
                Failpoints.hit("capture.mid-batch");
            }
        }
        if (isSnapshotting() && snapshot != null) {
            snapshot.append(nowMicros());
        }
        stream.appendComplete();
        appendQuietProgress();
        force();
        heard(before);
    }

    private void accept(EngineRecord record) throws JournalException {
        if (snapshot != null && !snapshot.isComplete()) {
            if (record.kind() == EngineRecord.Kind.DATA && record.operation() == 'r') {
                snapshot.row(record, decoder(record), nowMicros());
            }
            if (record.completesSnapshot()) {
                completeSnapshot(snapshot, record.offsetLsn());
            } else if (!record.isSnapshotting()) {
                completeSnapshot(snapshot, slotLsn.getAsLong()); // there was no row to mark as the last one
                acceptStreamed(record);
            }
            return;
        }
        acceptStreamed(record);
    }

    private void acceptStreamed(EngineRecord record) throws JournalException {
        switch (record.kind()) {
            case BEGIN -> stream.begin(record);
            case END -> stream.end(record);
            case DATA -> stream.change(record, decoder(record));
            case POSITION -> stream.position(record);
        }
    }

    private void completeSnapshot(SnapshotWriter writer, long lsn) throws JournalException {
        writer.complete(lsn, nowMicros());
        force();
        stream = new TransactionAssembler(appender, source, lsn);
        Failpoints.hit("capture.snapshot-handover");
    }

    private void appendQuietProgress() throws JournalException {
        long now = nowMicros();
        if (!isSnapshotting()
                && stream.hasQuietProgress(durableLsn())
                && now - lastQuietFrameMicros >= QUIET_FRAME_EVERY_MICROS) {
            stream.appendQuietProgress(now);
            lastQuietFrameMicros = now;
        }
    }

    private void force() throws JournalException {
        List<Map<TableId, Integer>> counts =
                snapshot == null ? List.of(stream.takeCounts()) : List.of(snapshot.takeCounts(), stream.takeCounts());
        boolean hasChanges = counts.stream().anyMatch(count -> !count.isEmpty());
        if (hasChanges) {
            Failpoints.hit("capture.before-force");
        }
        appender.force(); // I1: what the engine may confirm is read from the durable tail, which moves here
        if (hasChanges) {
            Failpoints.hit("capture.after-force");
        }
        counts.forEach(count -> count.forEach(listener::captured));
    }

    private TableDecoder decoder(EngineRecord record) throws JournalException {
        Schema envelope = record.record().valueSchema();
        TableDecoder known = decoders.get(envelope);
        if (known != null) {
            return known;
        }
        TableId table = record.table();
        TableSchema before = journal.schemas().stream()
                .filter(schema -> schema.table().equals(table))
                .findFirst()
                .orElse(null);
        Schema image = envelope.field("after").schema();
        Schema key = record.record().keySchema();
        if (key == null && record.operation() == 't') {
            // the engine names no key with a truncation: the shape is not the one of the rows that follow
            List<String> names = before == null
                    ? primaryKey.apply(table)
                    : before.key().stream()
                            .map(column -> before.column(column).name())
                            .toList();
            return TableDecoder.of(table, image, names, before, types, appender);
        }
        List<String> names =
                key == null ? List.of() : key.fields().stream().map(Field::name).toList();
        TableDecoder made = TableDecoder.of(table, image, names, before, types, appender);
        Schema older = newestSchemas.put(table, envelope);
        if (older != null) {
            decoders.remove(older);
        }
        decoders.put(envelope, made);
        return made;
    }

    boolean isSnapshotting() {
        return snapshot != null && !snapshot.isComplete();
    }

    /** Null when no snapshot was asked for. Any thread. */
    @Nullable
    SnapshotProgress snapshotProgress() {
        return meter == null ? null : meter.progress();
    }

    private void heard(long commitBefore) {
        long now = nowMicros();
        long commit = stream.newestCommitMicros();
        if (isSnapshotting()) {
            lagMicros = -1;
        } else if (commit != commitBefore) {
            lagMicros = Math.max(0, now - commit);
        } else {
            long open = stream.openCommitMicros();
            lagMicros = open == 0 ? 0 : Math.max(0, now - open);
        }
        heardMicros = now;
    }

    /**
     * How far the journal is behind the source's commits; -1 when unknown. A source that has been silent for longer than
     * its heartbeats allow counts as behind since then. Any thread.
     */
    long lagMicros() {
        long lag = lagMicros;
        if (lag < 0) {
            return -1;
        }
        long silence = nowMicros() - heardMicros;
        return silence > 3 * EngineOptions.HEARTBEAT.toNanos() / 1_000 ? lag + silence : lag;
    }

    private long durableLsn() {
        Optional<SourceOffset> offset = journal.durableTail().offset();
        return offset.map(found -> found.position().offset()).orElse(0L);
    }

    private long nowMicros() {
        Instant now = clock.instant();
        return RawValues.epochMicros(now);
    }
}
