package dev.tailrace.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of {@code where}. */
class ConditionTest {
    private static final TableSchema ORDERS = new TableSchema(
            1,
            new TableId("public", "orders"),
            1,
            List.of(
                    Column.of("id", "int8", ValueType.INT64, false),
                    Column.of("status", "text", ValueType.TEXT, true),
                    Column.of("total", "numeric", ValueType.DECIMAL, true),
                    Column.of("paid", "bool", ValueType.BOOLEAN, true),
                    Column.of("ratio", "float4", ValueType.FLOAT32, true),
                    Column.of("day", "date", ValueType.DATE, true),
                    Column.of("at", "timestamptz", ValueType.TIMESTAMPTZ, true),
                    Column.of("kind", "uuid", ValueType.TEXT, true),
                    Column.of("Odd \"name\"", "int4", ValueType.INT32, true),
                    Column.of("data", "bytea", ValueType.BYTES, true)),
            List.of(0));

    private static final Row ROW = Row.of(
            ORDERS,
            7L,
            "paid",
            new BigDecimal("100.50"),
            true,
            0.1f,
            (int) LocalDate.of(2026, 11, 28).toEpochDay(),
            1_764_000_000_000_000L,
            null,
            3,
            Row.absent());

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "id = 7; TRUE",
                "status = 'paid' and total > 100; TRUE",
                "status = 'paid' AND total > 100.50; FALSE",
                "total >= 100.5; TRUE",
                "status = 'it''s' or id <> 8; TRUE",
                "not (status != 'paid' or paid = false); TRUE",
                "status in ('open', 'paid'); TRUE",
                "status not in ('open', 'paid'); FALSE",
                "id between 7 and 8 and not id between 8 and 9; TRUE",
                "id not between 7 and 8; FALSE",
                "ratio = 0.1; TRUE",
                "day = '2026-11-28' and day < 'infinity'; TRUE",
                "at = '2025-11-24 16:00:00Z' and at = '2025-11-24 17:00:00+01:00'; TRUE",
                "kind is null; TRUE",
                "kind is not null; FALSE",
                "kind = 'x'; UNKNOWN",
                "not kind = 'x'; UNKNOWN",
                "kind = 'x' or id = 7; TRUE",
                "kind = 'x' and id = 7; UNKNOWN",
                "kind in ('x') and id = 8; FALSE",
                "~\"Odd \"\"name\"\"\" = 3~; TRUE",
                "data is null; ABSENT",
                "data is null and id = 8; FALSE",
                "data is not null or id = 7; TRUE",
                "id = 8 or id = 9 and id = 7 or id = 7; TRUE",
                "id = +7.0 and id > -1e3; TRUE",
            })
    void says(String text, Truth expected) throws Exception {
        String condition = text.startsWith("~") ? text.substring(1, text.length() - 1) : text;
        assertThat(RowFilter.of(ConditionParser.parse(condition), ORDERS).test(ROW))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "id =; at character 5: expected a number",
                "id; at character 3: expected a comparison",
                "id = 7 status = 'x'; at character 8: expected AND, OR or the end, found ~status",
                "(id = 7; at character 8: expected )",
                "id = 'x; at character 6: the quote is never closed",
                "id = 7 # 8; at character 8: ~#",
                "id = null; at character 6: nothing equals NULL",
                "id in (); at character 8: expected a number",
                "id not 7; at character 8: expected IN or BETWEEN",
                "and = 7; at character 1: expected a column",
                "sum = 7; at character 1: table public.orders has no column sum",
                "id = 7 and ID = 7; at character 12: table public.orders has no column ID",
                "id = 'x'; at character 6: column id is int8 and holds numbers",
                "status = 7; at character 10: column status is text and holds texts",
                "paid = 1; at character 8: column paid is bool and holds TRUE or FALSE",
                "paid > true; at character 1: column paid is bool, which compares with = and <> only",
                "kind < 'x'; at character 1: column kind is uuid, which compares with",
                "day = '28.11.2026'; at character 7: column day is date and holds dates",
                "at = '2026-11-28 12:00:00'; at character 6: column at is timestamptz and holds times with a zone",
                "data = 'x'; at character 8: column data is bytea and can be asked for NULL only",
            })
    void refuses(String text, String message) {
        assertThatThrownBy(() -> RowFilter.of(ConditionParser.parse(text), ORDERS))
                .isInstanceOf(ConditionProblem.class)
                .hasMessageStartingWith(message.replace('~', '"'));
    }

    @Test
    void nestsNoDeeperThanItCan() {
        assertThatThrownBy(() -> ConditionParser.parse("(".repeat(100_000))).isInstanceOf(ConditionProblem.class);
    }

    @Test
    void comparesNumbersThatNoDecimalHolds() throws Exception {
        RowFilter more = RowFilter.of(ConditionParser.parse("total > 5"), ORDERS);
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Object[] values = new Object[ORDERS.size()];
            values[2] = number;
            assertThat(more.test(Row.of(ORDERS, values))).isEqualTo(Truth.of(number != Double.NEGATIVE_INFINITY));
        }
    }
}
