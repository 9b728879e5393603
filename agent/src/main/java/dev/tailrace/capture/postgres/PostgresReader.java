package dev.tailrace.capture.postgres;

import dev.tailrace.capture.ColumnForm;
import dev.tailrace.capture.EngineRecord;
import dev.tailrace.capture.RecordReader;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.journal.SourceOffset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Reads the records of the engine's PostgreSQL connector. */
final class PostgresReader implements RecordReader {
    private final PostgresSettings settings;
    private final PgTypes types;
    private final String source;
    private final StreamPulse pulse;

    /** @param source of all positions */
    PostgresReader(PostgresSettings settings, PgTypes types, String source, StreamPulse pulse) {
        this.pulse = pulse;
        this.settings = settings;
        this.types = types;
        this.source = source;
    }

    @Override
    public EngineRecord read(SourceRecord record) {
        PostgresRecord told = PostgresRecord.of(record, source);
        pulse.beat(!told.isSnapshotting(), told.place());
        return told;
    }

    @Override
    public ColumnForm column(Field field) {
        Map<String, String> parameters = field.schema().parameters();
        PgType type = type(field, types);
        return new Form(
                type,
                new Column(
                        field.name(),
                        type.name(),
                        Integer.parseInt(parameters.get(RawValues.LENGTH)),
                        Integer.parseInt(parameters.get(RawValues.SCALE)),
                        Boolean.parseBoolean(parameters.get(RawValues.NULLABLE)),
                        type.valueType(),
                        type.valueType() == ValueType.ARRAY ? type.base().valueType() : null));
    }

    /** The type that {@link RawValues} noted with a field of a row image. */
    static PgType type(Field field, PgTypes types) {
        Map<String, String> parameters = field.schema().parameters();
        return types.of(Integer.parseInt(parameters.get(RawValues.OID)), parameters.getOrDefault(RawValues.TYPE, ""));
    }

    record Form(PgType type, Column column) implements ColumnForm {
        @Override
        public @Nullable Object value(@Nullable Object travelled) {
            try {
                return Carried.received(type, travelled);
            } catch (IllegalArgumentException e) {
                throw UncarriedValueException.of("source", column.name(), type, e);
            }
        }
    }

    @Override
    public boolean sendsFullBefore() {
        return false;
    }

    @Override
    public List<String> primaryKey(TableId table) {
        return PostgresLook.primaryKey(settings, table);
    }

    @Override
    public Map<String, Object> existing(TableSchema before, List<ColumnForm> columns) {
        AddedColumns added =
                AddedColumns.of(before, columns.stream().map(Form.class::cast).toList());
        if (added.isEmpty()) {
            return Map.of();
        }
        try (Connection connection = SourceConnections.open(settings)) {
            return added.existing(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "what rows of " + before.table() + " have in new columns cannot be read", e);
        }
    }

    @Override
    public SourceOffset streamStart(EngineRecord first) {
        SourceOffset told = first.completesSnapshot() ? first.restart() : null;
        if (told != null) {
            return told;
        }
        try (Connection connection = SourceConnections.open(settings)) {
            return PostgresRecord.offset(source, PostgresLook.slotLsn(connection, settings), first.commitMicros());
        } catch (SQLException e) {
            throw new IllegalStateException("the slot's start cannot be read", e);
        }
    }
}
