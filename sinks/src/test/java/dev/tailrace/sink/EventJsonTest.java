package dev.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
    static List<Arguments> values() {
        return List.of(
                Arguments.of(ValueType.BOOLEAN, true, "true"),
                Arguments.of(ValueType.INT16, Short.MIN_VALUE, "-32768"),
                Arguments.of(ValueType.INT64, Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(ValueType.FLOAT32, 0.1f, "0.1"),
                Arguments.of(ValueType.FLOAT32, Float.NaN, "\"NaN\""),
                Arguments.of(ValueType.FLOAT64, 5e-324, "4.9E-324"),
                Arguments.of(ValueType.FLOAT64, Double.NEGATIVE_INFINITY, "\"-Infinity\""),
                Arguments.of(ValueType.DECIMAL, new BigDecimal("1.10"), "\"1.10\""),
                Arguments.of(ValueType.DECIMAL, new BigDecimal("1E+5"), "\"100000\""),
                Arguments.of(ValueType.DECIMAL, Double.NaN, "\"NaN\""),
                Arguments.of(ValueType.DECIMAL, Double.POSITIVE_INFINITY, "\"Infinity\""),
                Arguments.of(ValueType.TEXT, "\u0001 \" \\ é \uD83D\uDE00", "\"\\u0001 \\\" \\\\ é \uD83D\uDE00\""),
                // Half a surrogate pair is no Unicode, but JSON can carry it.
                Arguments.of(ValueType.TEXT, "\uD800x", "\"\\uD800x\""),
                Arguments.of(ValueType.BYTES, new byte[] {0, -1, 127}, "\"AP9/\""),
                Arguments.of(ValueType.DATE, -1, "\"1969-12-31\""),
                Arguments.of(ValueType.DATE, ValueType.DATE_INFINITY, "\"infinity\""),
                Arguments.of(ValueType.DATE, -ValueType.DATE_INFINITY, "\"-infinity\""),
                Arguments.of(ValueType.TIME, 86_400_000_000L, "\"24:00:00.000000\""),
                Arguments.of(ValueType.TIME, -3_020_399_000_001L, "\"-838:59:59.000001\""),
                Arguments.of(ValueType.TIMESTAMP, -1L, "\"1969-12-31T23:59:59.999999\""),
                Arguments.of(ValueType.TIMESTAMP, 0L, "\"1970-01-01T00:00:00.000000\""),
                Arguments.of(ValueType.TIMESTAMP, ValueType.TIMESTAMP_INFINITY, "\"infinity\""),
                Arguments.of(ValueType.TIMESTAMPTZ, 1_764_000_000_123_456L, "\"2025-11-24T16:00:00.123456Z\""),
                Arguments.of(ValueType.TIMESTAMPTZ, -ValueType.TIMESTAMP_INFINITY, "\"-infinity\""),
                Arguments.of(ValueType.BITS, "0101", "\"0101\""),
                Arguments.of(ValueType.TEXT, null, "null"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void writesValuesWithoutLoss(ValueType type, Object value, String expected) throws Exception {
        TableSchema schema = schema(Column.of("c", "any", type, true));
        assertThat(json(Row.of(schema, value))).isEqualTo("{\"c\":" + expected + "}");
    }

    @Test
    void writesArraysOfAnyDimension() throws Exception {
        TableSchema schema = schema(new Column("c", "_numeric", -1, -1, true, ValueType.ARRAY, ValueType.DECIMAL));
        List<?> value = List.of(Arrays.asList(new BigDecimal("1.0"), null), List.of(new BigDecimal("2")));
        assertThat(json(Row.of(schema, value))).isEqualTo("{\"c\":[[\"1.0\",null],[\"2\"]]}");
    }

    @Test
    void leavesAbsentColumnsOut() throws Exception {
        TableSchema schema = schema(
                Column.of("a", "text", ValueType.TEXT, true),
                Column.of("b", "text", ValueType.TEXT, true),
                Column.of("c", "text", ValueType.TEXT, true));
        assertThat(json(Row.of(schema, null, Row.absent(), "x"))).isEqualTo("{\"a\":null,\"c\":\"x\"}");
    }

    private static TableSchema schema(Column... columns) {
        return new TableSchema(1, new TableId("s", "t"), 1, List.of(columns), List.of());
    }

    private static String json(Row row) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = EventJson.generator(out)) {
            EventJson.row(json, row);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
