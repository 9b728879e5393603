package dev.tailrace.capture.mysql;

import io.debezium.connector.mysql.charset.MySqlCharsetRegistry;
import io.debezium.relational.Column;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Converts every column itself, from what {@link BinlogCells} and {@link MySqlSnapshotQuery} read, because the engine's own
 * conversions lose something for many types (the upper half of unsigned numbers, characters, members with a comma,
 * microseconds, dates that no calendar has) (I7).
 *
 * <p>The engine makes one of these; it finds its {@link EngineTables} by the engine's name.
 */
public final class MySqlValues implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** Option: the engine's name. */
    static final String CONTEXT = "context";

    static final String TABLE = "table";
    static final String TYPE = "type";
    static final String VALUE_TYPE = "value-type";
    static final String LENGTH = "length";
    static final String SCALE = "scale";
    static final String NULLABLE = "nullable";

    private String engine = "";

    @Override
    public void configure(Properties properties) {
        engine = properties.getProperty(CONTEXT, "");
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        MySqlType type = type(
                column.dataCollection() + "." + column.name(),
                column.typeName(),
                column.length().orElse(-1),
                column.scale().orElse(-1),
                column.charsetName());
        SchemaBuilder schema = MySqlCarried.schema(type.valueType())
                .optional()
                .parameter(TABLE, column.dataCollection())
                .parameter(TYPE, type.name())
                .parameter(VALUE_TYPE, type.valueType().name())
                .parameter(LENGTH, Integer.toString(type.length()))
                .parameter(SCALE, Integer.toString(type.scale()))
                .parameter(NULLABLE, Boolean.toString(column.isOptional()));
        Reader reader = reader(type, column);
        // The first call after a registration is for the column's default when it has one. Defaults would stand in for
        // nulls (Struct.get), so there are none.
        boolean[] defaultAwaited = {column.hasDefaultValue() && column.defaultValue() != null};
        registration.register(schema, input -> {
            if (defaultAwaited[0]) {
                defaultAwaited[0] = false;
                return null;
            }
            return input == null ? null : read(reader, input);
        });
    }

    /** The engine passes on the cause of a failure and drops the failure itself. */
    private static Object read(Reader reader, Object input) {
        try {
            return reader.read(input);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The type of a column of the engine. */
    static MySqlType type(Column column) {
        return type(
                column.name(),
                column.typeName(),
                column.length(),
                column.scale().orElse(-1),
                column.charsetName());
    }

    private static MySqlType type(String column, String typeName, int length, int scale, @Nullable String charsetName) {
        try {
            return MySqlType.of(typeName, length, scale, charsetName);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("column " + column + " cannot be carried: " + e.getMessage(), e);
        }
    }

    /** From a value of the log or of a snapshot to the value that travels. */
    private interface Reader {
        Object read(Object input);
    }

    private Reader reader(MySqlType type, RelationalColumn column) {
        boolean unsigned = type.name().endsWith(" unsigned");
        return switch (type.valueType()) {
            case INT16 -> unsigned ? input -> (short) (int16(input) & 0xff) : MySqlValues::int16;
            case INT32 -> int32(type, unsigned);
            case INT64 ->
                unsigned
                        ? input -> number(input).longValue() & 0xffff_ffffL
                        : input -> number(input).longValue();
            case DECIMAL ->
                type.name().equals(MySqlType.BIGINT_UNSIGNED)
                        ? MySqlValues::unsignedLong
                        : input -> decimal(input).setScale(type.scale(), RoundingMode.UNNECESSARY);
            case FLOAT32 -> input -> number(input).floatValue();
            case FLOAT64 -> input -> number(input).doubleValue();
            case BITS -> input -> bits(input, type.length());
            case TEXT -> text(type, column);
            case BYTES -> bytes(type);
            case DATE, TIMESTAMP, TIMESTAMPTZ ->
                new MySqlDates(type.valueType(), engine, column.dataCollection(), column.name())::read;
            case TIME -> MySqlValues::time;
            case BOOLEAN, ARRAY -> throw new IllegalArgumentException("MySQL has no " + type.valueType());
        };
    }

    static IllegalArgumentException unexpected(Object input) {
        // naming the class only: the value is none of the log's business
        return new IllegalArgumentException(
                "the engine sent a " + input.getClass().getName());
    }

    static Number number(Object input) {
        if (input instanceof Number number) {
            return number;
        }
        throw unexpected(input);
    }

    private static short int16(Object input) {
        return number(input).shortValue();
    }

    /** The log holds an unsigned number as the signed one of the same bits. */
    private static Reader int32(MySqlType type, boolean unsigned) {
        int mask = !unsigned ? -1 : type.name().startsWith("smallint") ? 0xffff : 0xff_ffff;
        return input -> number(input).intValue() & mask;
    }

    private static BigDecimal decimal(Object input) {
        if (input instanceof BigDecimal decimal) {
            return decimal;
        }
        throw unexpected(input);
    }

    private static BigDecimal unsignedLong(Object input) {
        return input instanceof BigInteger big
                ? new BigDecimal(big)
                : new BigDecimal(Long.toUnsignedString(number(input).longValue()));
    }

    private static String bits(Object input, int length) {
        BitSet bits = input instanceof BitSet logged
                ? logged
                : BitSet.valueOf(new long[] {number(input).longValue()});
        char[] digits = new char[length];
        for (int i = 0; i < length; i++) {
            digits[length - 1 - i] = bits.get(i) ? '1' : '0';
        }
        return new String(digits);
    }

    private Reader text(MySqlType type, RelationalColumn column) {
        if (type.name().equals(MySqlType.JSON)) {
            return input ->
                    input instanceof byte[] binary ? MySqlJson.ofBinary(binary) : MySqlJson.ofText(string(input));
        }
        MySqlCharset charset = type.charset();
        if (charset == null) {
            return members(type, column);
        }
        Charset driver = driverCharset(column.charsetName());
        return input -> {
            if (input instanceof BinlogCells.Raw logged) {
                return charset.decode(logged.bytes());
            }
            // the engine's reader turns the text of some types back into bytes, in the driver's idea of the charset
            String text = input instanceof byte[] again ? new String(again, driver) : string(input);
            return charset.isUtf8() ? text : charset.decode(HexFormat.of().parseHex(text));
        };
    }

    private static Charset driverCharset(@Nullable String name) {
        String encoding = new MySqlCharsetRegistry().getJavaEncodingForCharSet(name);
        return encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
    }

    private static String string(Object input) {
        if (input instanceof String text) {
            return text;
        }
        throw unexpected(input);
    }

    private Reader members(MySqlType type, RelationalColumn column) {
        boolean set = type.name().equals(MySqlType.SET);
        String table = column.dataCollection();
        String name = column.name();
        // at the first value: only then the engine has the column that it registers now
        Members[] members = new Members[1];
        return input -> {
            if (members[0] == null) {
                members[0] =
                        Members.of(EngineTables.of(engine).column(table, name).enumValues());
            }
            long number = number(input).longValue();
            return set ? members[0].set(number) : members[0].member(number);
        };
    }

    private static Reader bytes(MySqlType type) {
        int padded = type.name().equals("binary") ? type.length() : 0;
        return input -> {
            byte[] bytes = input instanceof BinlogCells.Raw logged ? logged.bytes() : bytes(input);
            return bytes.length < padded ? Arrays.copyOf(bytes, padded) : bytes;
        };
    }

    private static byte[] bytes(Object input) {
        if (input instanceof byte[] bytes) {
            return bytes;
        }
        throw unexpected(input);
    }

    private static Object time(Object input) {
        return input instanceof Duration time
                ? time.toNanos() / 1_000
                : number(input).longValue();
    }
}
