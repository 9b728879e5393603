package dev.tailrace.sink.jdbc.mysql;

import com.mysql.cj.jdbc.JdbcConnection;
import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.ConditionStatements;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.KeyRotation;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.StatementCache;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Inserts and deletes of many rows are one statement whose text is made here; updates of different values are many
 * statements in one packet. The driver puts the values into the text, so that the server sees no placeholders and
 * max_allowed_packet is the one limit. A large row goes alone, prepared at the server, where bytes travel as they are.
 */
final class MySqlStatements implements RowStatements {
    private static final int ROWS = 1000;
    /** MariaDB turns a longer list into a join. */
    private static final int KEYS = 500;

    private static final long BYTES = 8L << 20;
    private static final long LARGE_ROW = 1L << 20;
    private static final int STATEMENTS = 32;
    /** Characters of kept statements. The driver holds about a hundred bytes for each of their parameters, used or not. */
    private static final long KEPT = 1L << 20;

    private final Dialect dialect;
    private final Connection connection;
    private final ConditionStatements conditions;
    private final MySqlSql sql;
    private final long packet;
    private final StatementCache statements;

    MySqlStatements(Dialect dialect, Connection connection) throws SQLException {
        this.dialect = dialect;
        this.connection = connection;
        MySqlFlavor flavor = MySqlFlavor.of(connection);
        this.conditions = new ConditionStatements(dialect, new MySqlSyntax(flavor), connection);
        this.sql = new MySqlSql(dialect, flavor);
        this.statements = new StatementCache(connection, STATEMENTS, KEPT);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            this.packet = row.getLong(1);
        }
    }

    @Override
    public void upsert(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        if (!hasOtherUniqueKeys(table)) {
            insertMany(n -> sql.upsert(table, columns, n), ROWS, table, columns, rows);
            return;
        }
        List<Integer> set = withoutKey(table, columns);
        boolean[] found = each(sql.update(table, set), table, set, rows, rows);
        List<Row> missing = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                missing.add(rows.get(i));
            }
        }
        insertMany(n -> sql.insert(table, columns, n), ROWS, table, columns, missing);
    }

    /** ON DUPLICATE KEY UPDATE fires on any unique key, and would then change a row that has another primary key. */
    private static boolean hasOtherUniqueKeys(TableBinding table) {
        return table.table().uniqueIndexes() > 1 && !table.key().isEmpty();
    }

    /** Of a table that is nothing but its key, the key: setting it to itself counts the row. */
    private static List<Integer> withoutKey(TableBinding table, List<Integer> columns) {
        List<Integer> set =
                columns.stream().filter(c -> !table.schema().isKey(c)).toList();
        return set.isEmpty() ? table.key() : set;
    }

    @Override
    public void insertNew(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        if (hasOtherUniqueKeys(table)) {
            each(sql.insertUnlessThere(table, columns), table, columns, rows, rows);
        } else {
            insertMany(n -> sql.insertNew(table, columns, n), ROWS, table, columns, rows);
        }
    }

    @Override
    public long update(TableBinding table, List<Integer> columns, List<Row> rows) throws SQLException {
        List<Integer> set = withoutKey(table, columns);
        long count = 0;
        for (boolean found : each(sql.update(table, set), table, set, rows, rows)) {
            count += found ? 1 : 0;
        }
        return count;
    }

    @Override
    public void delete(TableBinding table, List<Row> keys) throws SQLException {
        insertMany(n -> sql.delete(table, n), KEYS, table, table.key(), keys);
    }

    @Override
    public boolean[] move(TableBinding table, List<Integer> columns, List<Move> moves) throws SQLException {
        return each(
                sql.update(table, columns),
                table,
                columns,
                moves.stream().map(Move::after).toList(),
                moves.stream().map(Move::before).toList());
    }

    @Override
    public void rotate(TableBinding table, List<Move> moves) throws SQLException {
        new KeyRotation(dialect, (t, move) -> move(t, t.key(), List.of(move)), parking()).apply(table, moves);
    }

    @Override
    public KeyRotation.Parking parking() {
        return (t, position, attempt) -> MySqlParking.value(t.schema().column(position), t.column(position), attempt);
    }

    @Override
    public ConditionStatements conditions() {
        return conditions;
    }

    /** One by one: TRUNCATE would commit what is open, and with it half of a transaction of the source. */
    @Override
    public void truncate(List<TargetTable> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (TargetTable table : tables) {
                statement.execute(sql.deleteAll(table));
            }
        }
    }

    /** Statements with the same parameters once for each row. */
    private void insertMany(
            IntFunction<String> text, int most, TableBinding table, List<Integer> columns, List<Row> rows)
            throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>();
        long limit = limit(text.apply(1));
        long bytes = 0;
        for (Row row : rows) {
            @Nullable Object[] next = values(table, columns, row);
            long size = escapedSize(next);
            if (!values.isEmpty() && (values.size() == most || bytes + size > limit)) {
                executeMany(text, table, values);
                bytes = 0;
            }
            values.add(next);
            bytes += size;
            if (size > Math.min(limit, LARGE_ROW)) {
                executeMany(text, table, values);
                bytes = 0;
            }
        }
        executeMany(text, table, values);
    }

    private void executeMany(IntFunction<String> text, TableBinding table, List<@Nullable Object[]> values)
            throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        String statementText = text.apply(values.size());
        if (values.size() == 1 && isLarge(statementText, values.get(0))) {
            executeAlone(statementText, table, values.get(0));
        } else {
            PreparedStatement statement = statements.prepared(statementText);
            int parameter = 1;
            for (@Nullable Object[] row : values) {
                parameter = bind(statement, parameter, row);
            }
            statement.executeUpdate();
            statement.clearParameters();
        }
        values.clear();
    }

    /**
     * The statement once for each row, many in a packet.
     *
     * @param found the rows whose keys are bound behind the columns' values
     * @return for each row whether it changed, or could have changed, something
     */
    private boolean[] each(String text, TableBinding table, List<Integer> columns, List<Row> rows, List<Row> found)
            throws SQLException {
        boolean[] matched = new boolean[rows.size()];
        PreparedStatement statement = statements.prepared(text);
        // Where a value was refused half-way, earlier rows still wait here.
        statement.clearBatch();
        long limit = limit(text);
        long bytes = 0;
        int first = 0;
        for (int i = 0; i < matched.length; i++) {
            @Nullable
            Object[] values = both(values(table, columns, rows.get(i)), values(table, table.key(), found.get(i)));
            long size = escapedSize(values) + text.length();
            boolean large = isLarge(text, values);
            if (i > first && (large || i - first == ROWS || bytes + size > limit)) {
                first = executeBatch(statement, matched, first);
                bytes = 0;
            }
            if (large) {
                matched[i] = executeAlone(text, table, values) > 0;
                first = i + 1;
            } else {
                bind(statement, 1, values);
                statement.addBatch();
                bytes += size;
            }
        }
        executeBatch(statement, matched, first);
        return matched;
    }

    private static int executeBatch(PreparedStatement statement, boolean[] matched, int first) throws SQLException {
        int[] counts = statement.executeBatch();
        for (int i = 0; i < counts.length; i++) {
            matched[first + i] = counts[i] > 0 || counts[i] == Statement.SUCCESS_NO_INFO;
        }
        return first + counts.length;
    }

    private boolean isLarge(String text, @Nullable Object[] values) {
        return escapedSize(values) > Math.min(limit(text), LARGE_ROW);
    }

    private int executeAlone(String text, TableBinding table, @Nullable Object[] values) throws SQLException {
        long size = Arrays.stream(values).mapToLong(MySqlValues::plainSize).sum();
        if (size > packet) {
            throw new ValueException(
                    "a row of " + table.table().name() + " takes " + size + " bytes, and max_allowed_packet is "
                            + packet,
                    MySqlErrors.TOO_LARGE);
        }
        try (PreparedStatement statement =
                connection.unwrap(JdbcConnection.class).serverPrepareStatement(text)) {
            bind(statement, 1, values);
            return statement.executeUpdate();
        }
    }

    /** What is left of a packet, and of a sensible one, beside the statement's own text. */
    private long limit(String text) {
        return Math.min(BYTES, packet - 2L * text.getBytes(StandardCharsets.UTF_8).length - 64);
    }

    private static @Nullable Object[] values(TableBinding table, List<Integer> columns, Row row) throws SQLException {
        @Nullable Object[] values = new Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = MySqlValues.CONVERSION.of(table, columns.get(i), row);
        }
        return values;
    }

    private static @Nullable Object[] both(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** With the signs around the values. */
    private static long escapedSize(@Nullable Object[] values) {
        return Arrays.stream(values)
                        .mapToLong(v -> MySqlValues.escapedSize(v) + 2)
                        .sum()
                + 3;
    }

    private static int bind(PreparedStatement statement, int first, @Nullable Object[] values) throws SQLException {
        int parameter = first;
        for (Object value : values) {
            MySqlValues.bind(statement, parameter++, value);
        }
        return parameter;
    }

    @Override
    public void close() {
        statements.forget();
    }
}
