package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.capture.mysql.ValueColumns.Form;
import dev.tailrace.capture.mysql.ValueEngine.Image;
import dev.tailrace.server.MysqlServer;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One wide table with the hardest values of each type: snapshot and log against what the server itself says. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlValuesTest {
    private static final String DATABASE = "wide";
    private static final int STREAMED = 1_000;

    @Test
    void snapshotAndLogAgreeWithTheServer() throws Exception {
        MysqlServer server = TestServers.mysql();
        try (Connection connection = server.connect("mysql");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE);
            statement.execute("CREATE DATABASE " + DATABASE);
            statement.execute("USE " + DATABASE);
            prepare(statement, "+05:45");
            statement.execute(createTable());
            for (int row = 0; row < ValueColumns.rows(); row++) {
                statement.execute(insert(row, row));
            }
            ImpossibleDates dates = new ImpossibleDates(ImpossibleDates.Policy.FAIL);
            List<String> differences = new ArrayList<>();
            try (ValueEngine engine = new ValueEngine(server, DATABASE, dates)) {
                List<Image> snapshot = new ArrayList<>();
                for (int row = 0; row < ValueColumns.rows(); row++) {
                    snapshot.add(engine.next("wide", "r"));
                }
                prepare(statement, "-09:30");
                for (int row = 0; row < ValueColumns.rows(); row++) {
                    statement.execute(insert(STREAMED + row, row));
                }
                for (int row = 0; row < ValueColumns.rows(); row++) {
                    compare(statement, row, snapshot.get(row), "snapshot", differences);
                    Image streamed = engine.next("wide", "c");
                    compare(statement, STREAMED + row, streamed, "log", differences);
                    // one text of a document, not only one value
                    assertThat(streamed.value("JSON_"))
                            .isEqualTo(snapshot.get(row).value("JSON_"));
                    assertThat(streamed.columns()).isEqualTo(snapshot.get(row).columns());
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    private static void prepare(Statement statement, String zone) throws SQLException {
        statement.execute("SET time_zone = '" + zone + "', sql_mode = ''");
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            all.append(String.format(Locale.ROOT, "%02X", i));
        }
        statement.execute("SET @latin1 = unhex('" + all + "')");
    }

    private static String createTable() {
        return Arrays.stream(ValueColumns.values())
                .map(column -> column + " " + column.type)
                .collect(Collectors.joining(
                        ", ",
                        "CREATE TABLE wide (id int PRIMARY KEY, ",
                        ") DEFAULT CHARACTER SET utf8mb4 ROW_FORMAT=DYNAMIC"));
    }

    private static String insert(int id, int row) {
        List<ValueColumns> columns = Arrays.stream(ValueColumns.values())
                .filter(column -> !column.isGenerated())
                .toList();
        return columns.stream()
                        .map(ValueColumns::name)
                        .collect(Collectors.joining(", ", "INSERT INTO wide (id, ", ") VALUES (" + id + ", "))
                + columns.stream().map(column -> column.value(row)).collect(Collectors.joining(", "))
                + ")";
    }

    private static void compare(Statement statement, int id, Image image, String from, List<String> differences)
            throws SQLException {
        assertThat(image.value("id")).isEqualTo(id);
        for (ValueColumns column : ValueColumns.values()) {
            String expected = query(statement, id, column);
            Object value = image.value(column.name());
            String actual = value == null ? null : shown(column.form, value);
            if (!Objects.equals(actual, expected)) {
                differences.add(
                        from + " of " + column + " row " + id + ": " + cut(actual) + " instead of " + cut(expected));
            }
        }
    }

    private static String cut(String text) {
        return text == null || text.length() < 400 ? text : text.substring(0, 400) + "...";
    }

    private static String query(Statement statement, int id, ValueColumns column) throws SQLException {
        String name = column.name();
        String expression = switch (column.form) {
            case NUMBER, DATE, DATETIME -> "CAST(" + name + " AS CHAR)";
            case TIME -> "CAST(CAST(" + name + " AS TIME(6)) AS CHAR)";
            case DOUBLE -> "CAST(CAST(" + name + " AS DOUBLE) AS CHAR)";
            case BITS -> "LPAD(BIN(" + name + "), " + Math.max(1, digits(column.type)) + ", '0')";
            case TEXT -> "HEX(CONVERT(CAST(" + name + " AS CHAR) USING utf8mb4))";
            case BYTES -> "HEX(" + name + ")";
            case STAMP -> "CAST(CAST(UNIX_TIMESTAMP(" + name + ") * 1000000 AS SIGNED) AS CHAR)";
            case JSON -> name;
        };
        try (ResultSet result = statement.executeQuery("SELECT " + expression + " FROM wide WHERE id = " + id)) {
            result.next();
            String text = result.getString(1);
            return text == null
                    ? null
                    : switch (column.form) {
                        case DOUBLE -> Double.toString(Double.parseDouble(text));
                        case NUMBER -> new BigDecimal(text).toPlainString();
                        case JSON -> comparable(text);
                        case DATETIME ->
                            LocalDateTime.parse(text.replace(' ', 'T')).toString();
                        default -> text;
                    };
        }
    }

    private static int digits(String type) {
        String digits = type.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static String shown(Form form, Object value) {
        return switch (form) {
            case NUMBER -> value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
            case DOUBLE -> Double.toString(((Number) value).doubleValue());
            case BITS -> (String) value;
            case JSON -> comparable((String) value);
            case TEXT -> hex(((String) value).getBytes(StandardCharsets.UTF_8));
            case BYTES -> hex((byte[]) value);
            case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
            case TIME -> time((Long) value);
            case DATETIME ->
                LocalDateTime.ofEpochSecond(
                                Math.floorDiv((Long) value, 1_000_000L),
                                (int) Math.floorMod((Long) value, 1_000_000L) * 1_000,
                                ZoneOffset.UTC)
                        .toString();
            case STAMP -> value.toString();
        };
    }

    /** The document with its numbers by value, integers apart from others. */
    private static String comparable(String json) {
        try {
            return shown(new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shown(JsonNode node) {
        StringBuilder text = new StringBuilder(node.getNodeType().toString());
        if (node.isNumber()) {
            return text
                    + (node.isIntegralNumber() ? "i" : "f")
                    + node.decimalValue().stripTrailingZeros().toPlainString();
        }
        node.fields()
                .forEachRemaining(
                        field -> text.append(field.getKey()).append('=').append(shown(field.getValue())));
        if (node.isArray()) {
            node.forEach(element -> text.append(shown(element)).append(';'));
        }
        return text.append(node.isTextual() ? node.textValue() : node.isBoolean() ? node.toString() : "")
                .toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static String time(long micros) {
        long size = Math.abs(micros);
        return (micros < 0 ? "-" : "")
                + String.format(
                        Locale.ROOT,
                        "%02d:%02d:%02d.%06d",
                        size / 3_600_000_000L,
                        size / 60_000_000 % 60,
                        size / 1_000_000 % 60,
                        size % 1_000_000);
    }
}
