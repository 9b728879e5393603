package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables without a key as multisets of rows, and with columns that the operator declares to be the key. */
class JdbcFullRowsTest implements ServerSuite {
    private static final TableSchema LOG = table(
            1,
            "log",
            List.of(),
            number("n"),
            text("line"),
            new Column("price", "numeric", 12, 2, true, ValueType.DECIMAL, null),
            Column.of("ratio", "float4", ValueType.FLOAT32, true),
            Column.of("factor", "float8", ValueType.FLOAT64, true),
            Column.of("data", "bytea", ValueType.BYTES, true),
            Column.of("at", "timestamptz", ValueType.TIMESTAMPTZ, true),
            Column.of("doc", "json", ValueType.TEXT, true));

    private JdbcTarget fullRows() throws Exception {
        return new JdbcTarget(server()).with("without-key", "full-row");
    }

    private static Object[] row(Random random) {
        return new Object[] {
            random.nextInt(3) == 0 ? null : (Object) (long) random.nextInt(2),
            List.of("a", "A", "a ", "ä", "").get(random.nextInt(5)),
            random.nextBoolean() ? null : new BigDecimal("1.50"),
            random.nextBoolean() ? null : (Object) 0.1f,
            random.nextBoolean() ? null : (Object) 0.1,
            random.nextBoolean() ? null : new byte[] {0, -1, 39},
            random.nextBoolean() ? null : (Object) 1_764_000_000_123_456L,
            random.nextBoolean() ? null : "{\"b\": 1, \"a\": [1.50]}"
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aTableWithoutAKeyIsTheSameMultiset(long seed) throws Exception {
        Random random = new Random(seed);
        List<Object[]> rows = new ArrayList<>();
        ChangeStream stream = new ChangeStream();
        for (int i = 0; i < 300; i++) {
            int dice = random.nextInt(100);
            if (rows.isEmpty() || dice < 50) {
                Object[] row =
                        rows.isEmpty() || random.nextBoolean() ? row(random) : rows.get(random.nextInt(rows.size()));
                rows.add(row);
                stream.insert(LOG, row);
            } else if (dice < 75) {
                int chosen = random.nextInt(rows.size());
                Object[] after = row(random);
                stream.add(Operation.UPDATE, LOG, Row.of(LOG, rows.get(chosen)), Row.of(LOG, after));
                rows.set(chosen, after);
            } else {
                Object[] gone = rows.remove(random.nextInt(rows.size()));
                stream.add(Operation.DELETE, LOG, Row.of(LOG, gone), null);
            }
            if (random.nextInt(5) == 0) {
                stream.commit();
            }
        }
        stream.commit();
        try (JdbcTarget target = fullRows();
                JdbcTarget expected = fullRows()) {
            target.open(1, LOG);
            for (int i = 0; i < stream.frames().size(); i += 7) {
                target.write(ChangeStream.batch(stream.frames()
                        .subList(i, Math.min(i + 7, stream.frames().size()))));
            }
            ChangeStream plain = new ChangeStream();
            rows.forEach(row -> plain.insert(LOG, row));
            plain.commit();
            expected.open(1, LOG);
            expected.write(plain);
            assertThat(rows).hasSizeGreaterThan(20);
            assertThat(sorted(target)).as("seed %d", seed).isEqualTo(sorted(expected));
        }
    }

    private List<String> sorted(JdbcTarget target) throws Exception {
        return target
                .query("SELECT n, line, price, ratio, factor, "
                        + server().text("encode(data, 'hex')", "hex(data)", "hex(data)", "rawtohex(data)")
                        + ", at, doc FROM log")
                .stream()
                .sorted()
                .toList();
    }

    @Test
    void exactlyOneOfEqualRowsGoes() throws Exception {
        TableSchema pair = table(2, "pair", List.of(), number("n"), text("line"));
        ChangeStream stream = new ChangeStream();
        stream.insert(pair, 1L, null)
                .insert(pair, 1L, null)
                .insert(pair, 1L, null)
                .commit();
        stream.add(Operation.DELETE, pair, Row.of(pair, 1L, null), null)
                .add(Operation.UPDATE, pair, Row.of(pair, 1L, null), Row.of(pair, 2L, "x"))
                .commit();
        try (JdbcTarget target = fullRows()) {
            target.open(1, pair);
            target.write(stream);
            assertThat(target.query("SELECT * FROM pair ORDER BY n")).containsExactly("1|-", "2|x");
            stream.truncate(pair).insert(pair, 7L, "y").commit();
            target.write(stream.frames().get(2).batch());
            assertThat(target.query("SELECT * FROM pair")).containsExactly("7|y");
        }
    }

    @Test
    void rowsThatTheTargetComparesLooselyAreToldApart() throws Exception {
        TableSchema pair = table(2, "pair", List.of(), number("n"), text("line"));
        ChangeStream stream = new ChangeStream();
        stream.insert(pair, 1L, "a").insert(pair, 1L, "A").commit();
        stream.add(Operation.DELETE, pair, Row.of(pair, 1L, "A"), null).commit();
        try (JdbcTarget target = fullRows()) {
            target.prepared("CREATE TABLE pair (n bigint, line "
                    + server().text(
                                    "text",
                                    "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
                                    "text COLLATE NOCASE",
                                    "VARCHAR_IGNORECASE(20)")
                    + ")");
            target.open(1, pair);
            target.write(stream);
            assertThat(target.query("SELECT * FROM pair")).containsExactly("1|a");
        }
    }

    @Test
    void arraysAreComparedByTheirElements() throws Exception {
        TableSchema lists = table(
                3,
                "lists",
                List.of(),
                number("n"),
                new Column("list", "_int4", -1, -1, true, ValueType.ARRAY, ValueType.INT32));
        ChangeStream stream = new ChangeStream();
        stream.insert(lists, 1L, Arrays.asList(1, null))
                .insert(lists, 2L, List.of(1, 2))
                .commit();
        stream.add(Operation.UPDATE, lists, Row.of(lists, 1L, Arrays.asList(1, null)), Row.of(lists, 3L, List.of()))
                .add(Operation.DELETE, lists, Row.of(lists, 2L, List.of(1, 2)), null)
                .commit();
        try (JdbcTarget target = fullRows()) {
            if (server() == TestServer.H2) {
                target.prepared("CREATE TABLE lists (n bigint, list integer array)");
            }
            target.open(1, lists);
            target.write(stream);
            assertThat(target.query("SELECT n FROM lists")).containsExactly("3");
        }
    }

    @Test
    void withoutTheWholeOldRowAChangeIsRefused() throws Exception {
        TableSchema pair = table(2, "pair", List.of(), number("n"), text("line"));
        ChangeStream stream = new ChangeStream();
        stream.insert(pair, 1L, "a").commit();
        stream.add(Operation.DELETE, pair, Row.of(pair, 1L, Row.absent()), null).commit();
        try (JdbcTarget target = fullRows()) {
            target.open(1, pair);
            target.write(stream.frames().get(0).batch());
            SinkException failure = catchThrowableOfType(
                    SinkException.class,
                    () -> target.write(stream.frames().get(1).batch()));
            assertThat(failure.code()).isEqualTo("JDBC-IMAGE");
            assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
            assertThat(failure.remedy()).contains("REPLICA IDENTITY FULL");
            assertThat(target.query("SELECT * FROM pair")).containsExactly("1|a");
        }
    }

    @Test
    void aRowThatIsNotThereIsTold() throws Exception {
        TableSchema pair = table(2, "pair", List.of(), number("n"), text("line"));
        ChangeStream stream = new ChangeStream();
        stream.add(Operation.DELETE, pair, Row.of(pair, 1L, "a"), null).commit();
        try (JdbcTarget target = fullRows()) {
            target.open(1, pair);
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
            assertThat(failure.code()).isEqualTo("JDBC-ROW-MISSING");
        }
    }

    @Test
    void byDefaultATableWithoutAKeyIsRefused() throws Exception {
        try (JdbcTarget target = new JdbcTarget(server())) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(1, LOG));
            assertThat(failure.code()).isEqualTo("JDBC-NO-KEY");
            assertThat(failure.remedy()).contains("without-key: full-row").contains("keys:");
        }
    }
}
