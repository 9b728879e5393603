package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Converts every column itself, because the engine's own conversions lose something for many types (scales, leading bits,
 * dimensions, offsets) and give an unchanged TOAST value a form that a real value could have (I7).
 *
 * <p>The engine makes one of these; it finds its {@link EngineContext} by the engine's name.
 */
public final class RawValues implements CustomConverter<SchemaBuilder, RelationalColumn> {
    static final String CONTEXT = "context";
    static final String OID = "oid";
    static final String TYPE = "type";
    static final String LENGTH = "length";
    static final String SCALE = "scale";
    static final String NULLABLE = "nullable";

    private @Nullable PostgresContext context;

    @Override
    public void configure(Properties properties) {
        context = EngineContext.source(properties.getProperty(CONTEXT), PostgresContext.class);
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        PostgresContext engine = context;
        if (engine == null) {
            throw new IllegalStateException("the converter was not configured");
        }
        PgType type = engine.types().of(column.nativeType(), column.typeName());
        SchemaBuilder schema = Carried.schema(type)
                .optional()
                .parameter(OID, Integer.toString(column.nativeType()))
                .parameter(TYPE, column.typeName())
                .parameter(LENGTH, Integer.toString(length(type, column)))
                .parameter(SCALE, Integer.toString(scale(type, column)))
                .parameter(NULLABLE, Boolean.toString(column.isOptional()));
        // The first call after a registration is for the column's default when it has one. Defaults would stand in for
        // nulls (Struct.get), so there are none.
        boolean[] defaultAwaited = {column.hasDefaultValue() && column.defaultValue() != null};
        registration.register(schema, input -> {
            if (defaultAwaited[0]) {
                defaultAwaited[0] = false;
                return null;
            }
            try {
                return convert(type, input);
            } catch (IllegalArgumentException e) {
                // the engine tells a cause only
                throw new IllegalStateException(
                        UncarriedValueException.of(column.dataCollection(), column.name(), type, e));
            }
        });
    }

    /** Declared length or precision; the log and the catalog agree on these only after some care. */
    private static int length(PgType type, RelationalColumn column) {
        int length = column.length().orElse(-1);
        return switch (type.base().oid()) {
            case PgType.NUMERIC -> length > 0 && length <= 1000 ? length : -1;
            case PgType.VARCHAR, PgType.BPCHAR, PgType.BIT, PgType.VARBIT ->
                length > 0 && length <= 83_886_080 ? length : -1;
            case PgType.TIME, PgType.TIMETZ, PgType.TIMESTAMP, PgType.TIMESTAMPTZ -> {
                int fraction = column.scale().orElse(-1);
                yield fraction >= 0 && fraction < 6 ? fraction : -1;
            }
            default -> -1;
        };
    }

    /** The driver takes the eleven bits of a scale below zero for a number above the largest, which is 1000. */
    private static int scale(PgType type, RelationalColumn column) {
        if (type.base().oid() != PgType.NUMERIC || length(type, column) <= 0) {
            return -1;
        }
        int scale = column.scale().orElse(0);
        return scale > 1000 ? scale - 2048 : scale;
    }

    /** @param input the server's text, from the log and from {@link SnapshotCopy} */
    static @Nullable Object convert(PgType type, @Nullable Object input) {
        if (input == null) {
            return null;
        }
        if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(input)) {
            return Carried.absent(type);
        }
        if (!(input instanceof String text)) {
            // naming the class only: the value is none of the log's business
            throw new IllegalArgumentException(
                    "the engine sent a " + input.getClass().getName() + " instead of text");
        }
        return switch (type.valueType()) {
            case TEXT, BITS, ARRAY -> text;
            case DECIMAL -> Carried.decimal(PgText.value(type, text));
            default -> PgText.value(type, text);
        };
    }
}
