package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * One statement a group of rows: every column is one array parameter that {@code unnest} spreads. One text and one plan
 * serve every number of rows.
 */
final class PostgresStatements implements RowStatements {
    /** More rows in a statement bring nothing and cost memory at both ends. */
    private static final int ROWS = 1000;

    private static final long BYTES = 8L << 20;

    /** A row beyond this goes alone and without the copies that arrays need. */
    private static final long LARGE_ROW = 1L << 20;

    private static final int STATEMENTS = 256;

    private final Dialect dialect;
    private final Connection connection;
    private final PostgresSql sql;
    private final PostgresSql oneRowSql;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);

    PostgresStatements(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
        this.sql = new PostgresSql(dialect, false);
        this.oneRowSql = new PostgresSql(dialect, true);
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        execute(s -> s.upsert(table, columns), true, table, columns, rows);
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        execute(s -> s.insertNew(table, columns), true, table, columns, rows);
    }

    @Override
    public long update(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        return execute(s -> s.update(table, columns), false, table, columns, rows);
    }

    @Override
    public void delete(TableBinding table, List<Row> keys) throws SQLException {
        execute(s -> s.delete(table), false, table, table.key(), keys);
    }

    @Override
    public boolean[] move(TableBinding table, List<Integer> columns, List<Move> moves) throws SQLException {
        PreparedStatement statement = prepared(sql.move(table, columns));
        // Where a value was refused half-way, earlier rows still wait here.
        statement.clearBatch();
        for (Move move : moves) {
            int parameter = 1;
            for (int column : columns) {
                statement.setString(parameter++, text(table, column, move.after()));
            }
            for (int column : table.key()) {
                statement.setString(parameter++, text(table, column, move.before()));
            }
            statement.addBatch();
        }
        int[] counts = statement.executeBatch();
        boolean[] found = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            found[i] = counts[i] > 0 || counts[i] == Statement.SUCCESS_NO_INFO;
        }
        return found;
    }

    @Override
    public void rotate(TableBinding table, List<Move> moves) throws SQLException {
        PreparedStatement statement = planned(sql.rotate(table));
        List<Row> before = moves.stream().map(Move::before).toList();
        List<Row> after = moves.stream().map(Move::after).toList();
        int parameter = bind(statement, 1, table, table.key(), before);
        bind(statement, parameter, table, table.key(), after);
        statement.executeUpdate();
    }

    @Override
    public void truncate(List<TargetTable> tables) throws SQLException {
        Set<TargetName> names = tables.stream().map(TargetTable::name).collect(Collectors.toSet());
        boolean atOnce = tables.stream().allMatch(t -> t.mayTruncate() && names.containsAll(t.children()));
        try (Statement statement = connection.createStatement()) {
            if (atOnce) {
                statement.execute("TRUNCATE "
                        + new HashSet<>(names).stream().map(dialect::quote).collect(Collectors.joining(", ")));
            } else {
                for (TargetTable table : tables) {
                    statement.execute("DELETE FROM " + dialect.quote(table.name()));
                }
            }
        }
    }

    /** For inserts: nothing to choose, so one plan is kept at the server. */
    private PreparedStatement prepared(String text) throws SQLException {
        PreparedStatement statement = prepared.get(text);
        if (statement == null) {
            statement = connection.prepareStatement(text);
            prepared.put(text, statement);
            if (prepared.size() > STATEMENTS) {
                String eldest = prepared.keySet().iterator().next();
                PreparedStatement closed = prepared.remove(eldest);
                if (closed != null) {
                    closed.close();
                }
            }
        }
        return statement;
    }

    /** For joins: planned at each use, because a plan kept from when the table was small reads all of it later. */
    private PreparedStatement planned(String text) throws SQLException {
        PreparedStatement statement = prepared(text);
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }

    private long execute(
            Function<PostgresSql, String> text,
            boolean keepPlan,
            TableBinding table,
            List<Integer> columns,
            List<Row> rows)
            throws SQLException {
        long count = 0;
        int from = 0;
        while (from < rows.size()) {
            int to = end(columns, rows, from);
            boolean large = to == from + 1 && size(columns, rows.get(from)) > LARGE_ROW;
            String sqlText = text.apply(large ? oneRowSql : sql);
            PreparedStatement statement = keepPlan ? prepared(sqlText) : planned(sqlText);
            if (large) {
                bindScalars(statement, table, columns, rows.get(from));
            } else {
                bind(statement, 1, table, columns, rows.subList(from, to));
            }
            count += statement.executeUpdate();
            statement.clearParameters();
            from = to;
        }
        return count;
    }

    private static void bindScalars(PreparedStatement statement, TableBinding table, List<Integer> columns, Row row)
            throws SQLException {
        int parameter = 1;
        for (int column : columns) {
            Object value = row.value(column);
            if (value instanceof byte[] bytes && table.column(column).type().equals("bytea")) {
                statement.setBytes(parameter++, bytes);
            } else {
                statement.setString(parameter++, text(table, column, row));
            }
        }
    }

    /** The end of the next group: by rows, and by bytes so that large rows go alone. */
    private static int end(List<Integer> columns, List<Row> rows, int from) {
        long bytes = size(columns, rows.get(from));
        int to = from + 1;
        while (to < rows.size() && to - from < ROWS) {
            bytes += size(columns, rows.get(to));
            if (bytes > BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    private static long size(List<Integer> columns, Row row) {
        long bytes = 0;
        for (int column : columns) {
            bytes += size(row.value(column));
        }
        return bytes;
    }

    private static long size(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        return value instanceof byte[] bytes ? bytes.length : value instanceof List<?> list ? 16L * list.size() : 8;
    }

    private int bind(PreparedStatement statement, int first, TableBinding table, List<Integer> columns, List<Row> rows)
            throws SQLException {
        int parameter = first;
        for (int column : columns) {
            statement.setArray(parameter++, array(table, column, rows));
        }
        return parameter;
    }

    /** In the type's binary form where there is one, else as texts that the statement casts. */
    private java.sql.Array array(TableBinding table, int column, List<Row> rows) throws SQLException {
        String type = table.column(column).type();
        ValueType carried = table.schema().column(column).valueType();
        Object[] values = switch (PostgresSql.arrayElement(type, carried)) {
            case "int2" -> values(rows, column, new Short[rows.size()], Short.class::cast);
            case "int4" -> values(rows, column, new Integer[rows.size()], Integer.class::cast);
            case "int8" -> values(rows, column, new Long[rows.size()], Long.class::cast);
            case "bool" -> values(rows, column, new Boolean[rows.size()], Boolean.class::cast);
            case "float4" -> values(rows, column, new Float[rows.size()], Float.class::cast);
            case "float8" -> values(rows, column, new Double[rows.size()], Double.class::cast);
            case "bytea" -> values(rows, column, new byte[rows.size()][], byte[].class::cast);
            default -> texts(table, column, rows);
        };
        return connection.createArrayOf(PostgresSql.arrayElement(type, carried), values);
    }

    private static <T> Object[] values(List<Row> rows, int column, @Nullable T[] into, Function<Object, T> cast) {
        for (int i = 0; i < into.length; i++) {
            Object value = rows.get(i).value(column);
            into[i] = value == null ? null : cast.apply(value);
        }
        return into;
    }

    private static String[] texts(TableBinding table, int column, List<Row> rows) throws SQLException {
        @Nullable String[] texts = new String[rows.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(table, column, rows.get(i));
        }
        return texts;
    }

    private static @Nullable String text(TableBinding table, int column, Row row) throws SQLException {
        Object value = row.value(column);
        if (value == null) {
            return null;
        }
        TableSchema schema = table.schema();
        String text = ValueText.of(
                value, schema.column(column).valueType(), schema.column(column).elementType());
        if (text.indexOf('\0') >= 0) {
            throw new SQLException(
                    "column " + schema.column(column).name() + " of " + schema.table()
                            + " holds a text with the character U+0000, which PostgreSQL cannot store",
                    "22021");
        }
        return text;
    }

    @Override
    public void close() {
        // The statements end with their connection.
        prepared.clear();
    }
}
