package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.Micros;
import dev.tailrace.event.ValueType;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/**
 * Converts every column itself, because the engine's own conversions lose something for many types (scales, leading bits,
 * dimensions, microseconds, offsets) and give an unchanged TOAST value a form that a real value could have (I7).
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
            return convert(type, input);
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

    private static int scale(PgType type, RelationalColumn column) {
        return type.base().oid() == PgType.NUMERIC && length(type, column) > 0
                ? column.scale().orElse(0)
                : -1;
    }

    static @Nullable Object convert(PgType type, @Nullable Object input) {
        if (input == null) {
            return null;
        }
        if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(input)) {
            return Carried.absent(type);
        }
        return switch (type.valueType()) {
            case BOOLEAN, FLOAT32, FLOAT64, BYTES -> input instanceof String text ? PgText.value(type, text) : input;
            case INT16 -> input instanceof Number number ? number.shortValue() : PgText.value(type, text(input));
            case INT32 -> input instanceof Number number ? number.intValue() : PgText.value(type, text(input));
            case INT64 -> input instanceof Number number ? number.longValue() : PgText.value(type, text(input));
            case DECIMAL -> decimal(input);
            case DATE -> input instanceof LocalDate date ? date(date) : PgText.value(type, text(input));
            case TIME -> PgText.value(type, text(input));
            case TIMESTAMP -> input instanceof Instant instant ? micros(instant) : PgText.timestamp(text(input));
            case TIMESTAMPTZ -> input instanceof OffsetDateTime time ? micros(time) : PgText.timestamp(text(input));
            case TEXT -> textOf(type, input);
            case BITS -> text(input);
            case ARRAY -> input instanceof PgArray array ? array.toString() : text(input);
        };
    }

    private static String text(Object input) {
        if (input instanceof String text) {
            return text;
        }
        // naming the class only: the value is none of the log's business
        throw new IllegalArgumentException(
                "the engine sent a " + input.getClass().getName() + " instead of text");
    }

    private static BigDecimal decimal(Object input) {
        if (input instanceof SpecialValueDecimal special) {
            return special.getDecimalValue().orElseGet(() -> Carried.decimal(special.toDouble()));
        }
        return input instanceof BigDecimal decimal ? decimal : Carried.decimal(PgText.decimal(text(input)));
    }

    private static int date(LocalDate date) {
        if (date.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) {
            return ValueType.DATE_INFINITY;
        }
        return date.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)
                ? -ValueType.DATE_INFINITY
                : Math.toIntExact(date.toEpochDay());
    }

    private static long micros(Instant instant) {
        if (instant.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) {
            return ValueType.TIMESTAMP_INFINITY;
        }
        return instant.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)
                ? -ValueType.TIMESTAMP_INFINITY
                : Micros.since1970(instant);
    }

    private static long micros(OffsetDateTime time) {
        if (time.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
            return ValueType.TIMESTAMP_INFINITY;
        }
        return time.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)
                ? -ValueType.TIMESTAMP_INFINITY
                : Micros.since1970(time.toInstant());
    }

    private static String textOf(PgType type, Object input) {
        if (input instanceof String text) {
            return type.oid() == PgType.INTERVAL
                    ? PgText.interval(text)
                    : geometric(type) ? PgText.geometry(text) : text;
        }
        if (input instanceof PGInterval interval) {
            return PgText.interval(interval);
        }
        if (input instanceof PGobject object) {
            String text = object.getValue();
            return geometric(type) ? PgText.geometry(text == null ? "" : text) : text(text == null ? object : text);
        }
        if (input instanceof OffsetTime time) {
            return timetz(time);
        }
        return input instanceof PgArray array ? array.toString() : text(input);
    }

    private static boolean geometric(PgType type) {
        return type.oid() == 600 || type.oid() == 628 || (type.oid() >= 601 && type.oid() <= 604) || type.oid() == 718;
    }

    private static String timetz(OffsetTime time) {
        String text = String.format(Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
        if (time.getNano() != 0) {
            String fraction = String.format(Locale.ROOT, "%06d", time.getNano() / 1_000);
            text += "." + fraction.replaceAll("0+$", "");
        }
        return text + "+00";
    }
}
