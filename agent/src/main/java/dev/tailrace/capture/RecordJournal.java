package dev.tailrace.capture;

import dev.tailrace.event.Row;
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
    private final RecordReader reader;
    private final @Nullable SnapshotWriter snapshot;
    private final @Nullable SnapshotMeter meter;
    private TransactionAssembler stream;
    private final Map<Schema, TableDecoder> decoders = new IdentityHashMap<>();
    private final Map<TableId, Schema> newestSchemas = new HashMap<>();
    /** The last of a batch that proves nothing yet: behind a failure the engine hands over no further batch. */
    private @Nullable EngineRecord unproven;

    private long lastQuietFrameMicros;
    private volatile long heardMicros;
    private volatile long lagMicros = -1;

    /**
     * @param reader of the engine's records
     * @param snapshot that the engine takes first; null when it goes on streaming
     * @param meter of that snapshot
     */
    RecordJournal(
            Journal journal,
            CaptureListener listener,
            InstantSource clock,
            RecordReader reader,
            @Nullable SnapshotWriter snapshot,
            @Nullable SnapshotMeter meter) {
        this.journal = journal;
        this.appender = journal.appender();
        this.listener = listener;
        this.clock = clock;
        this.reader = reader;
        this.snapshot = snapshot;
        this.meter = meter;
        this.stream = new TransactionAssembler(
                appender, snapshot == null ? durableOffset().orElse(null) : null);
    }

    /** Appends and forces. Whatever it throws, nothing of the batch may be confirmed. */
    void accept(List<SourceRecord> records) throws JournalException {
        long before = stream.newestCommitMicros();
        if (unproven != null) {
            acceptStreamed(unproven);
            unproven = null;
        }
        for (SourceRecord record : records) {
            EngineRecord told = reader.read(record);
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
            if (record.kind() == EngineRecord.Kind.ROWS) {
                snapshotRows(snapshot, record);
            } else if (record.kind() == EngineRecord.Kind.DATA && record.operation() == 'r') {
                TableDecoder decoder = decoder(record);
                Row row = decoder.row(record.value().getStruct("after"));
                snapshot.row(record.position(), decoder, row, record.completesSnapshot(), nowMicros());
            }
            if (record.completesSnapshot()) {
                completeSnapshot(snapshot, reader.streamStart(record));
            } else if (!record.isSnapshotting()) {
                completeSnapshot(snapshot, reader.streamStart(record)); // there was no row to mark as the last one
                if (record.kind() != EngineRecord.Kind.POSITION) {
                    acceptStreamed(record); // where the snapshot ended may be behind where the stream begins
                }
            }
            return;
        }
        boolean proven = record.kind() != EngineRecord.Kind.POSITION || reader.provesPositions();
        unproven = proven ? null : record;
        if (proven) {
            acceptStreamed(record);
        }
    }

    private void snapshotRows(SnapshotWriter writer, EngineRecord record) throws JournalException {
        TableDecoder decoder = decoder(record);
        SnapshotRows rows = record.rows();
        long now = nowMicros();
        for (@Nullable Object[] travelled : rows.rows()) {
            writer.row(rows.position(), decoder, decoder.row(travelled), false, now);
            Failpoints.hit("capture.mid-batch");
        }
    }

    private void acceptStreamed(EngineRecord record) throws JournalException {
        if (reader.hasSchemaHistory() && stream.isBetween(record)) {
            Map<String, Optional<String>> history = reader.schemaHistory(record);
            if (!history.isEmpty()) {
                stream.remember(record, history);
            }
        }
        switch (record.kind()) {
            case BEGIN -> stream.begin(record);
            case END -> stream.end(record);
            case DATA -> {
                if (record.standsAlone()) {
                    stream.alone(record, decoder(record));
                } else {
                    stream.change(record, decoder(record));
                }
            }
            case POSITION -> stream.position(record);
            case ROWS -> throw new IllegalStateException("rows of a snapshot came in the stream");
        }
    }

    private void completeSnapshot(SnapshotWriter writer, SourceOffset start) throws JournalException {
        writer.complete(start, reader.snapshotHistory(), nowMicros());
        force();
        stream = new TransactionAssembler(appender, start);
        Failpoints.hit("capture.snapshot-handover");
    }

    private void appendQuietProgress() throws JournalException {
        long now = nowMicros();
        if (!isSnapshotting()
                && stream.hasQuietProgress(durableOffset())
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
        if (key == null && record.kind() == EngineRecord.Kind.DATA && record.operation() == 't') {
            // the engine names no key with a truncation: the shape is not the one of the rows that follow
            List<String> names = before == null
                    ? reader.primaryKey(table)
                    : before.key().stream()
                            .map(column -> before.column(column).name())
                            .toList();
            return TableDecoder.of(table, image, names, before, reader, appender);
        }
        List<String> names =
                key == null ? List.of() : key.fields().stream().map(Field::name).toList();
        TableDecoder made = TableDecoder.of(table, image, names, before, reader, appender);
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

    private Optional<SourceOffset> durableOffset() {
        return journal.durableTail().offset();
    }

    private long nowMicros() {
        Instant now = clock.instant();
        return Micros.since1970(now);
    }
}
