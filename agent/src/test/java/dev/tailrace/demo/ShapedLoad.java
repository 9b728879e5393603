package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes to a table whose shape changes and, in the same transactions, to one whose shape stays. One thread. The statements
 * are those that PostgreSQL and MySQL have in common, but for the retyping.
 */
public final class ShapedLoad {
    private Connection connection;
    private final Random random;
    private final String item;
    private final String ledger;
    private final List<String> columns = new ArrayList<>(List.of("id", "label", "size", "note"));
    private final boolean mySql;
    private boolean wide;
    private int next = 1;

    ShapedLoad(Connection connection, long seed) throws SQLException {
        this(connection, seed, "");
    }

    /** @param suffix of both tables' names */
    public ShapedLoad(Connection connection, long seed, String suffix) throws SQLException {
        this.connection = connection;
        this.item = "item" + suffix;
        this.ledger = "ledger" + suffix;
        this.random = new Random(seed);
        DatabaseMetaData database = connection.getMetaData();
        this.mySql = database.getDatabaseProductName().equals("MySQL");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Goes on over another connection, by what the source says now: what was under way may or may not be there. */
    public void comeBack(Connection another) throws SQLException {
        connection = another;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT * FROM " + item + " WHERE id < 0")) {
                ResultSetMetaData shape = row.getMetaData();
                columns.clear();
                for (int i = 1; i <= shape.getColumnCount(); i++) {
                    columns.add(shape.getColumnName(i));
                    wide |= shape.getColumnType(i) == Types.BIGINT;
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT coalesce(max(n), 0) FROM " + ledger)) {
                row.next();
                next = row.getInt(1) + 1;
            }
        }
    }

    public boolean has(String column) {
        return columns.contains(column);
    }

    public boolean isWide() {
        return wide;
    }

    public void create() throws SQLException {
        execute("CREATE TABLE " + item + " (id int PRIMARY KEY, label varchar(20), size int, note varchar(40))");
        execute("CREATE TABLE " + ledger + " (n int PRIMARY KEY, item int)");
    }

    public void add() throws SQLException {
        execute("ALTER TABLE " + item + " ADD COLUMN colour varchar(10)");
        columns.add("colour");
    }

    public void widen() throws SQLException {
        execute("ALTER TABLE " + item + " " + (mySql ? "MODIFY COLUMN size bigint" : "ALTER COLUMN size TYPE bigint"));
        wide = true;
    }

    public void drop() throws SQLException {
        execute("ALTER TABLE " + item + " DROP COLUMN note");
        columns.remove("note");
    }

    public void rename() throws SQLException {
        execute("ALTER TABLE " + item + " RENAME COLUMN label TO title");
        columns.set(columns.indexOf("label"), "title");
    }

    /** That many transactions. */
    public void work(int transactions) throws SQLException {
        connection.setAutoCommit(false);
        for (int i = 0; i < transactions; i++) {
            int id = next++;
            execute("INSERT INTO " + ledger + " VALUES (" + id + ", " + id + ")");
            execute("INSERT INTO " + item + " (" + String.join(", ", columns) + ") VALUES ("
                    + columns.stream()
                            .map(c -> c.equals("id") ? "" + id : value(c))
                            .collect(Collectors.joining(", "))
                    + ")");
            int other = 1 + random.nextInt(id);
            String column = columns.get(1 + random.nextInt(columns.size() - 1));
            execute("UPDATE " + item + " SET " + column + " = " + value(column) + " WHERE id = " + other);
            if (random.nextInt(5) == 0) {
                execute("DELETE FROM " + item + " WHERE id = " + (1 + random.nextInt(id)));
            }
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private String value(String column) {
        int number = random.nextInt(1_000_000);
        if (!column.equals("size")) {
            return random.nextInt(10) == 0 ? "NULL" : "'" + column.charAt(0) + number + "'";
        }
        return Long.toString(wide ? 5_000_000_000L + number : number);
    }

    public List<String> items() throws SQLException {
        return items(connection, "");
    }

    /** The rows in the source's columns; empty when the table is not there or lacks one. */
    public List<String> items(Connection at, String prefix) throws SQLException {
        return rows(at, "SELECT " + String.join(", ", columns) + " FROM " + prefix + item + " ORDER BY id");
    }

    public List<String> ledger() throws SQLException {
        return ledger(connection, "");
    }

    public List<String> ledger(Connection at, String prefix) throws SQLException {
        return rows(at, "SELECT n, item FROM " + prefix + ledger + " ORDER BY n");
    }

    private static List<String> rows(Connection at, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = at.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(result.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        } catch (SQLException e) {
            // Not there yet, or under its old name.
            if (!List.of("42P01", "42S02", "42703", "42S22").contains(e.getSQLState())) {
                throw e;
            }
        }
        return rows;
    }
}
