package dev.tailrace.capture.mysql;

import dev.tailrace.capture.ColumnForm;
import dev.tailrace.capture.EngineRecord;
import dev.tailrace.capture.ExistingRows;
import dev.tailrace.capture.RecordReader;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.SourceOffset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
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
    private final TableTexts texts;
    private String file = "";
    private long number;

    /**
     * @param source of all positions
     * @param from where the stream begins when it is not where the shapes of the tables were read
     * @param remembered what the journal's end remembers of schemas
     */
    MySqlReader(
            MySqlSettings settings,
            String source,
            SchemaNotes notes,
            ImpossibleDates dates,
            StreamPulse pulse,
            LogBirths births,
            Optional<StartPlace> from,
            Map<String, String> remembered) {
        this.settings = settings;
        this.source = source;
        this.notes = notes;
        this.dates = dates;
        this.pulse = pulse;
        this.births = births;
        this.from = from;
        this.texts = new TableTexts(remembered);
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
    public Map<String, Object> existing(TableSchema before, List<ColumnForm> columns) {
        Map<String, Object> existing = new HashMap<>();
        Map<String, ColumnBirth> births = texts.births(before.table());
        for (ColumnForm form : columns) {
            Column column = form.column();
            if (before.indexOf(column.name()) < 0) {
                ColumnBirth birth = births.getOrDefault(column.name(), ColumnBirth.read(null));
                switch (birth.kind()) {
                    case NULL, RENAMED -> {}
                    case UNKNOWN -> ExistingRows.unknown(before.table(), column.name(), birth.text());
                    default ->
                        ImplicitValues.of(column, birth)
                                .ifPresentOrElse(
                                        value -> existing.put(column.name(), value),
                                        () -> ExistingRows.unknown(
                                                before.table(),
                                                column.name(),
                                                "came with a " + column.sourceType()
                                                        + " that the statement alone does not tell"));
                }
            }
        }
        return existing;
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
        Map<String, Optional<String>> changes = before == null ? Map.of() : notes.before(before);
        texts.apply(changes);
        return changes;
    }

    @Override
    public Map<String, String> snapshotHistory() {
        Map<String, String> all = notes.ofSnapshot();
        all.forEach((key, text) -> texts.apply(Map.of(key, Optional.of(text))));
        return all;
    }
}
