package dev.tailrace.capture;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.SourceOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.source.SourceRecord;

/** Tells what the engine's records of one source mean. Made anew with every engine; owned by its polling thread. */
public interface RecordReader {

    EngineRecord read(SourceRecord record);

    /** How the values of one column of a row image are read. */
    ColumnForm column(Field field);

    /** Whether an old image always has all columns; else what is null in it may only be missing. */
    boolean sendsFullBefore();

    /** The key of a table now, in key order, asked when nothing else tells it. */
    List<String> primaryKey(TableId table);

    /**
     * What rows have in columns that came since the journal's newest shape of their table: the source filled them without a
     * change that tells it. Asked before the new shape is journaled. Where it cannot be known there is a warning and no
     * value, never a guess (I7).
     *
     * @param before the journal's newest shape of the table
     * @param columns of the new shape, in its order, as {@link #column} made them
     * @return by name of the column; none where it is null
     */
    Map<String, Object> existing(TableSchema before, List<ColumnForm> columns);

    /** Where the stream begins behind a snapshot that had no row to tell it, when this is the first record behind it. */
    SourceOffset streamStart(EngineRecord first);

    /**
     * Whether a record that tells nothing but a position proves that the engine has got that far. A log client that reads on
     * behind an event at which it failed tells positions behind it until the engine ends.
     */
    default boolean provesPositions() {
        return true;
    }

    /** Whether the source has something to remember about its schemas. Asked before every record, so it is cheap. */
    default boolean hasSchemaHistory() {
        return false;
    }

    /**
     * What is to be remembered about schemas before the changes of this record, which stands between transactions, by key;
     * empty where a key is forgotten. Each is handed over once.
     */
    default Map<String, Optional<String>> schemaHistory(EngineRecord record) {
        return Map.of();
    }

    /** The same at the end of a snapshot: all there is. */
    default Map<String, String> snapshotHistory() {
        return Map.of();
    }
}
