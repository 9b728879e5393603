package dev.tailrace.capture;

import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table that a source reads itself in the engine's snapshot, instead of letting the engine make a record of each.
 * They go through the engine's queue as one record, so that they keep their place before what the engine says next.
 *
 * @param position where the snapshot stands in the log
 * @param rows values in the order of the image's fields, as they travel in the engine's records
 */
public record SnapshotRows(TableId table, SourcePosition position, List<@Nullable Object[]> rows) {

    /**
     * The record that carries them.
     *
     * @param key the engine's schema of the table's key, null when it has none
     * @param envelope the engine's schema of the table's changes
     */
    public SourceRecord toRecord(@Nullable Schema key, Schema envelope) {
        return new SourceRecord(
                Map.of("server", EngineRecord.TOPIC_PREFIX),
                Map.of(EngineRecord.SNAPSHOT, "rows"),
                EngineRecord.TOPIC_PREFIX + ".rows",
                null,
                key,
                null,
                envelope,
                this);
    }
}
