package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SnapshotTransaction;
import io.debezium.annotation.ConnectorSpecific;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.bean.spi.BeanRegistryAware;
import io.debezium.connector.mysql.MySqlConnector;
import io.debezium.relational.Column;
import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Selects each column as something that the engine's reader and the driver hand on unchanged, so that a snapshot and the log
 * agree (I7). {@link MySqlValues} reads it.
 */
@ConnectorSpecific(connector = MySqlConnector.class)
public final class MySqlSnapshotQuery implements SnapshotQuery, BeanRegistryAware {
    static final String NAME = "tailrace-mysql";
    /**
     * What the connections of the engine must be set to (option {@code driver.sessionVariables}): other SQL modes pad
     * CHAR and change how SHOW CREATE TABLE quotes. The time zone does not matter.
     */
    static final String SESSION_VARIABLES = "sql_mode=''";

    private String engine = "";
    private @Nullable EngineTables tables;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        engine = String.valueOf(properties.get("name"));
    }

    @Override
    public void injectBeanRegistry(BeanRegistry beans) {
        tables = EngineTables.register(engine, beans);
    }

    @Override
    public Optional<String> snapshotQuery(String quotedTable, List<String> quotedColumns) {
        EngineTables known = tables;
        if (known == null) {
            throw new IllegalStateException("the query does not know the engine's tables");
        }
        Table table = known.quoted(quotedTable);
        return Optional.of(quotedColumns.stream()
                .map(MySqlSnapshotQuery::unquoted)
                .map(name -> selected(table, name))
                .collect(Collectors.joining(", ", SnapshotTransaction.QUERY, " FROM " + from(table.id()))));
    }

    private static String from(TableId table) {
        return quoted(table.catalog()) + "." + quoted(table.table());
    }

    private static String selected(Table table, String name) {
        Column column = table.columnWithName(name);
        if (column == null) {
            throw new IllegalStateException("the engine knows no column " + name + " of table " + table.id());
        }
        String quoted = quoted(name);
        String expression = expression(MySqlValues.type(column), quoted);
        return expression.equals(quoted) ? quoted : expression + " AS " + quoted;
    }

    /** Every expression is null for a null and nothing else. */
    private static String expression(MySqlType type, String column) {
        return switch (type.valueType()) {
            // the driver takes tinyint(1) for a boolean and a year for a date
            case INT16, INT32 ->
                type.name().startsWith("tinyint") || type.name().equals("year")
                        ? "CAST(" + column + " AS SIGNED)"
                        : column;
            case INT64, DECIMAL -> column;
            // the text of a FLOAT has six digits
            case FLOAT32, FLOAT64 -> "CAST(" + column + " AS DOUBLE)";
            case BITS -> "CAST(" + column + " AS UNSIGNED)";
            case TEXT -> text(type, column);
            case BYTES -> type.name().equals("vector") ? "CAST(" + column + " AS BINARY)" : column;
            // read as the first of January of the year 20260131: no date is beyond it, and none is refused
            case DATE -> "CONCAT(" + column + " + 0, '-1-1')";
            case TIME -> column;
            case TIMESTAMP -> dateTime(column);
            // the stored number itself, whatever the session's time zone
            case TIMESTAMPTZ -> "CAST(UNIX_TIMESTAMP(" + column + ") * 1000000 AS SIGNED)";
            case BOOLEAN, ARRAY -> throw new IllegalArgumentException("MySQL has no " + type.valueType());
        };
    }

    private static String text(MySqlType type, String column) {
        if (type.name().equals(MySqlType.ENUM) || type.name().equals(MySqlType.SET)) {
            return "CAST(" + column + " AS UNSIGNED)";
        }
        MySqlCharset charset = type.charset();
        // the very bytes, unless they come unchanged anyway
        return charset == null || charset.isUtf8() ? column : "HEX(" + column + ")";
    }

    /**
     * The reader insists on a timestamp of the JVM's calendar, which has neither zero dates nor the days that were left out
     * in 1582 nor the hours that a time zone skips. So the parts are rearranged to a timestamp that every calendar has: a
     * noon from the year 3000 on, with the date's last three digits as nanoseconds; {@link SnapshotClock} takes it apart.
     */
    private static String dateTime(String column) {
        String text = "CAST(" + column + " AS CHAR)";
        return "CONCAT('3000-01-01' + INTERVAL ((" + column + " + 0) DIV 1000000000 * 24 + SUBSTR(" + text
                + ", 12, 2)) DAY, ' 12', SUBSTR(" + text + ", 14, 6), '.', RPAD(SUBSTR(" + text
                + ", 21), 6, '0'), SUBSTR(" + text + ", 7, 1), SUBSTR(" + text + ", 9, 2))";
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String unquoted(String name) {
        return name.substring(1, name.length() - 1).replace("``", "`");
    }
}
