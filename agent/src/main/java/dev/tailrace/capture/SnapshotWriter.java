package dev.tailrace.capture;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.lifecycle.Failpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Appends the rows of one snapshot attempt in chunks. Forces nothing, except that the caller must force behind the last
 * chunk before anything else is appended. Owned by the capture's polling thread.
 */
final class SnapshotWriter {
    private final JournalAppender appender;
    private final String source;
    private final long epoch;
    private final SnapshotMeter meter;
    private final List<ChangeEvent> chunk = new ArrayList<>();
    private final Map<TableId, Integer> pending = new HashMap<>();
    private long chunkBytes;
    private long nextOrdinal;
    private volatile boolean complete;

    /** @param firstOrdinal behind the events of earlier attempts in this epoch, so that no id is used twice */
    SnapshotWriter(JournalAppender appender, String source, long epoch, long firstOrdinal, SnapshotMeter meter) {
        this.appender = appender;
        this.source = source;
        this.epoch = epoch;
        this.nextOrdinal = firstOrdinal;
        this.meter = meter;
    }

    /** Empties the tables at the targets, because an earlier attempt left rows there that may be gone by now. */
    void startOver(List<TableSchema> tables, long nowMicros) throws JournalException {
        SourcePosition position = new SourcePosition(source, 0, 0);
        for (TableSchema table : tables) {
            add(ChangeEvent.ofSnapshot(Operation.TRUNCATE, table, position, epoch, nextOrdinal++, null), 16);
            appendIfFull(nowMicros);
        }
        append(nowMicros);
    }

    /**
     * @param decoder that has just read the row
     * @param last of the snapshot: {@link #complete} is to follow
     */
    void row(SourcePosition position, TableDecoder decoder, Row row, boolean last, long nowMicros)
            throws JournalException {
        ChangeEvent event =
                ChangeEvent.ofSnapshot(Operation.READ, decoder.schema(), position, epoch, nextOrdinal++, row);
        add(event, decoder.weight());
        meter.row(event.table());
        if (!last) {
            appendIfFull(nowMicros);
        }
    }

    private void add(ChangeEvent event, long weight) {
        chunk.add(event);
        chunkBytes += weight;
        pending.merge(event.table(), 1, Integer::sum);
    }

    private void appendIfFull(long nowMicros) throws JournalException {
        if (chunk.size() >= TransactionAssembler.FRAME_EVENTS || chunkBytes >= TransactionAssembler.FRAME_BYTES) {
            append(nowMicros);
        }
    }

    /** Appends what has been collected. */
    void append(long nowMicros) throws JournalException {
        if (chunk.isEmpty()) {
            return;
        }
        appender.appendSnapshot(chunk, nowMicros, null);
        chunk.clear();
        chunkBytes = 0;
        Failpoints.hit("capture.mid-snapshot");
    }

    /**
     * Appends the last chunk with the position at which the stream goes on.
     *
     * @param history what the source wants remembered about its schemas there
     */
    void complete(SourceOffset offset, Map<String, String> history, long nowMicros) throws JournalException {
        if (!history.isEmpty()) {
            Map<String, Optional<String>> all = new TreeMap<>();
            history.forEach((key, value) -> all.put(key, Optional.of(value)));
            // without an offset it counts for nothing until the frame behind it completes the snapshot
            appender.appendHistory(all, true, null, nowMicros);
        }
        appender.appendSnapshot(chunk, nowMicros, offset);
        chunk.clear();
        chunkBytes = 0;
        complete = true;
        meter.complete();
    }

    boolean isComplete() {
        return complete;
    }

    long nextOrdinal() {
        return nextOrdinal;
    }

    /** Hands over the counts of what has been appended since the last call. */
    Map<TableId, Integer> takeCounts() {
        Map<TableId, Integer> counts = Map.copyOf(pending);
        pending.clear();
        return counts;
    }
}
