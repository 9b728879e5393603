package dev.tailrace.capture.mysql;

import dev.tailrace.capture.ColumnForm;
import dev.tailrace.capture.EngineRecord;
import dev.tailrace.capture.RecordReader;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.source.SourceRecord;

/** Reads the records of the engine's MySQL connector. */
final class MySqlReader implements RecordReader {
    private final MySqlSettings settings;
    private final String source;
    private final SchemaNotes notes;
    private final ImpossibleDates dates;
    private final StreamPulse pulse;
    private final LogBirths births;
    private final Optional<StartPlace> from;
    private String file = "";
    private long number;

    /**
     * @param source of all positions
     * @param from where the stream begins when it is not where the shapes of the tables were read
     */
    MySqlReader(
            MySqlSettings settings,
            String source,
            SchemaNotes notes,
            ImpossibleDates dates,
            StreamPulse pulse,
            LogBirths births,
            Optional<StartPlace> from) {
        this.settings = settings;
        this.source = source;
        this.notes = notes;
        this.dates = dates;
        this.pulse = pulse;
        this.births = births;
        this.from = from;
    }

    String source() {
        return source;
    }

    LogBirths births() {
        return births;
    }

    /** The number of a log file; changes come in long runs of the same file. */
    long fileNumber(String name) {
        if (!name.equals(file)) {
            number = BinlogFile.number(name);
            file = name;
        }
        return number;
    }

    @Override
    public EngineRecord read(SourceRecord record) {
        MySqlRecord told = new MySqlRecord(record, this);
        pulse.beat(!told.isSnapshotting());
        return told;
    }

    @Override
    public ColumnForm column(Field field) {
        return MySqlColumn.of(field, dates);
    }

    /** {@code binlog_row_image} is FULL. */
    @Override
    public boolean sendsFullBefore() {
        return true;
    }

    @Override
    public boolean provesPositions() {
        return false;
    }

    @Override
    public List<String> primaryKey(TableId table) {
        try (Connection connection = MySqlConnections.open(settings)) {
            return MySqlStateReader.primaryKey(connection, table);
        } catch (SQLException e) {
            throw new IllegalStateException("the key of " + table + " cannot be read", e);
        }
    }

    @Override
    public SourceOffset streamStart(EngineRecord first) {
        if (from.isPresent()) {
            return first(from.get());
        }
        SourceOffset before = first.restartBefore();
        SourceOffset start = before != null ? before : first.restart();
        if (start == null) {
            throw new IllegalStateException("the first record behind the snapshot tells no position");
        }
        return start;
    }

    private SourceOffset first(StartPlace place) {
        try {
            place.verify(settings);
            return place.offset(births);
        } catch (SQLException | RefusedEventException e) {
            throw new IllegalStateException("the place of the first start cannot be returned to", e);
        }
    }

    @Override
    public boolean hasSchemaHistory() {
        return notes.any();
    }

    @Override
    public Map<String, Optional<String>> schemaHistory(EngineRecord record) {
        SourceOffset before = record.restartBefore();
        return before == null ? Map.of() : notes.before(before);
    }

    @Override
    public Map<String, String> snapshotHistory() {
        return notes.ofSnapshot();
    }
}
