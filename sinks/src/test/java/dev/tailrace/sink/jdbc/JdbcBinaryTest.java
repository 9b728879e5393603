package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What travels in binary form arrives as what the server makes of the same values' texts: by {@code unnest}, by {@code
 * COPY} in its binary format and, beside a column that has none, in its text format.
 */
class JdbcBinaryTest {
    private static final int ROWS = 400;
    private static final List<Column> COLUMNS = List.of(
            Column.of("b", "bool", ValueType.BOOLEAN, true),
            Column.of("i2", "int2", ValueType.INT16, true),
            Column.of("i4", "int4", ValueType.INT32, true),
            Column.of("i8", "int8", ValueType.INT64, true),
            Column.of("f4", "float4", ValueType.FLOAT32, true),
            Column.of("f8", "float8", ValueType.FLOAT64, true),
            Column.of("n", "numeric", ValueType.DECIMAL, true),
            new Column("n2", "numeric", 30, 4, true, ValueType.DECIMAL, null),
            Column.of("t", "text", ValueType.TEXT, true),
            new Column("v", "varchar", 300, -1, true, ValueType.TEXT, null),
            Column.of("y", "bytea", ValueType.BYTES, true),
            Column.of("d", "date", ValueType.DATE, true),
            Column.of("c", "time", ValueType.TIME, true),
            Column.of("s", "timestamp", ValueType.TIMESTAMP, true),
            Column.of("z", "timestamptz", ValueType.TIMESTAMPTZ, true));
    private static final Column ODD = Column.of("j", "jsonb", ValueType.TEXT, true);

    /** How the rows get to the target. */
    enum Way {
        UNNEST,
        COPY_BINARY,
        COPY_TEXT
    }

    private static String types() {
        return "b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, n numeric,"
                + " n2 numeric(30,4), t text, v varchar(300), y bytea, d date, c time, s timestamp, z timestamptz";
    }

    private final Random random = new Random(20261128);

    @ParameterizedTest
    @EnumSource
    void arrivesAsItsTextWould(Way way) throws Exception {
        List<Column> columns = new ArrayList<>(List.of(number("id")));
        columns.addAll(COLUMNS);
        if (way == Way.COPY_TEXT) {
            columns.add(ODD);
        }
        TableSchema schema = table(1, "item", List.of(0), columns.toArray(Column[]::new));
        try (JdbcTarget target = new JdbcTarget()) {
            target.prepared(
                    "CREATE TABLE item (id bigint PRIMARY KEY, " + types() + (way == Way.COPY_TEXT ? ", j jsonb" : "")
                            + ")",
                    "CREATE TABLE said (id bigint PRIMARY KEY, "
                            + types().replaceAll("(\\w+) [a-z ]+(\\([0-9,]+\\))?(,|$)", "$1 text$3") + ")");
            ChangeStream stream = new ChangeStream();
            List<String> said = new ArrayList<>();
            for (long id = 0; id < ROWS; id++) {
                List<Object> values = new ArrayList<>(List.of(id));
                List<String> texts = new ArrayList<>(List.of(Long.toString(id)));
                for (Column column : COLUMNS) {
                    Object value = random.nextInt(10) == 0 ? null : value(column, id);
                    values.add(value);
                    texts.add(value == null ? "NULL" : literal(ValueText.of(value, column.valueType(), null)));
                }
                said.add("INSERT INTO said VALUES (" + String.join(", ", texts) + ")");
                if (way == Way.COPY_TEXT) {
                    values.add("{\"a\\tb\": \"\\\\N\"}");
                }
                if (way == Way.UNNEST) {
                    stream.insert(schema, values.toArray());
                } else {
                    stream.read(schema, values.toArray());
                }
            }
            stream.commit();
            target.prepared(said.toArray(String[]::new));
            List<String> points = new ArrayList<>();
            target.standard().open(points::add, 1, schema);
            target.write(stream);
            assertThat(points.contains("sink.jdbc.mid-copy")).isEqualTo(way != Way.UNNEST);
            for (Column column : COLUMNS) {
                String as = target.query("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
                                + " 'item'::regclass AND attname = '" + column.name() + "'")
                        .get(0);
                assertThat(target.query("SELECT i." + column.name() + ", s." + column.name() + " FROM item i FULL JOIN"
                                + " said s USING (id) WHERE i." + column.name() + "::text IS DISTINCT FROM s."
                                + column.name() + "::" + as + "::text OR i.id IS NULL OR s.id IS NULL"))
                        .as("%s that differ from their text", column.name())
                        .isEmpty();
            }
            if (way == Way.COPY_TEXT) {
                assertThat(target.query("SELECT DISTINCT j ->> E'a\\tb' FROM item"))
                        .containsExactly("\\N");
            }
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Test
    void valuesWithoutBinaryFormTakeTheirWholeGroupAsText() throws Exception {
        TableSchema schema = table(1, "item", List.of(0), number("id"), COLUMNS.get(6), COLUMNS.get(11));
        try (JdbcTarget target = new JdbcTarget()) {
            ChangeStream stream = new ChangeStream();
            stream.insert(schema, 1L, Double.NaN, 1)
                    .insert(schema, 2L, new BigDecimal("1.50"), null)
                    .insert(schema, 3L, null, 2_000_000_000)
                    .insert(schema, 4L, Double.NEGATIVE_INFINITY, -1)
                    .commit();
            target.write(stream);
            assertThat(target.query("SELECT * FROM item ORDER BY id"))
                    .containsExactly("1|NaN|1970-01-02", "2|1.50|-", "3|-|5477784-01-06", "4|-Infinity|1969-12-31");
        }
    }

    private Object value(Column column, long id) {
        return switch (column.valueType()) {
            case BOOLEAN -> random.nextBoolean();
            case INT16 -> (short) random.nextInt();
            case INT32 -> random.nextInt();
            case INT64 -> random.nextLong();
            case FLOAT32 -> id % 50 == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt(0x7F80_0000));
            case FLOAT64 -> id % 50 == 0 ? -0.0 : (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(300));
            case DECIMAL -> decimal(column);
            case TEXT -> text();
            case BYTES -> bytes();
            case DATE -> id % 50 == 0 ? ValueType.DATE_INFINITY : random.nextInt(-2_440_000, 100_000_000);
            case TIME -> id % 50 == 0 ? 86_400_000_000L : random.nextLong(86_400_000_000L);
            case TIMESTAMP, TIMESTAMPTZ ->
                id % 50 == 0
                        ? -ValueType.TIMESTAMP_INFINITY
                        : random.nextLong(-2_440_587L * 86_400_000_000L, 9_000_000_000_000_000_000L);
            default -> throw new IllegalArgumentException(column.name());
        };
    }

    /** Of any length on either side of the point, zeros at both ends included; the wide column also below its scale. */
    private BigDecimal decimal(Column column) {
        boolean sized = column.scale() >= 0;
        BigInteger digits = new BigInteger(random.nextInt(sized ? 80 : 400), random)
                .multiply(BigInteger.TEN.pow(random.nextInt(6)));
        BigDecimal value = new BigDecimal(digits, random.nextInt(sized ? 8 : -20, sized ? 9 : 60));
        return random.nextBoolean() ? value : value.negate();
    }

    private String text() {
        List<String> pieces = new ArrayList<>(Arrays.asList(
                "", "a", "\\", "\\N", "\t", "\n", "\r\n", "\\.", "\"", "{", "NULL", "\uD83D\uDE00", "é", ","));
        Collections.shuffle(pieces, random);
        return String.join("", pieces.subList(0, random.nextInt(pieces.size())));
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }
}
