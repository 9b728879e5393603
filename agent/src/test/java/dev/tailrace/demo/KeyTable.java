package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A table whose key is of one type: rows are found again by it in every kind of change. One thread. */
final class KeyTable {
    private final TypeCase type;

    KeyTable(TypeCase type) {
        this.type = type;
    }

    String name() {
        return "key_" + type.name();
    }

    TypeCase type() {
        return type;
    }

    String create() {
        return "CREATE TABLE " + name() + " (k " + type.type() + " PRIMARY KEY, v int NOT NULL)";
    }

    /** Every other key is in the snapshot. */
    void fill(Statement source) throws SQLException {
        insert(source, 0);
    }

    void change(Statement source) throws SQLException {
        insert(source, 1);
        source.execute("UPDATE " + name() + " SET v = v + 1");
    }

    void changeUnseen(Statement source) throws SQLException {
        source.execute("UPDATE " + name() + " SET v = v + 10");
    }

    /** The last key is deleted, and the row of the first one gets it. */
    void changeLater(Statement source) throws SQLException {
        List<String> keys = type.values();
        source.execute("DELETE FROM " + name() + where(keys.size() - 1));
        if (keys.size() > 1) {
            source.execute("UPDATE " + name() + " SET k = " + keys.get(keys.size() - 1) + ", v = v + 100" + where(0));
        }
    }

    /** By its text: a domain over an enum has no operator of its own. */
    private String where(int key) {
        return " WHERE format('%s', k) = format('%s', CAST(" + type.values().get(key) + " AS " + type.type() + "))";
    }

    private void insert(Statement source, int first) throws SQLException {
        for (int i = first; i < type.values().size(); i += 2) {
            source.execute("INSERT INTO " + name() + " VALUES (" + type.values().get(i) + ", " + i * 1000 + ")");
        }
    }

    /** Keys in their canonical forms with the other column. */
    Map<String, String> read(TypesTarget target) throws SQLException {
        return read(target, target.connection(), name(), target.reading().expression(type.form(), "k"));
    }

    /** The source's rows as they are to be at that target. */
    Map<String, String> readFor(TypesTarget target, Connection source) throws SQLException {
        return read(target, source, "public." + name(), target.reading().ofSource(type.form(), "k"));
    }

    private Map<String, String> read(TypesTarget target, Connection connection, String table, String expression)
            throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + expression + ", v FROM " + table)) {
            while (result.next()) {
                String key = target.reading().canonical(type.form(), result.getString(1));
                if (rows.put(key, result.getString(2)) != null) {
                    throw new AssertionError(target.title() + " has a key of " + name() + " twice");
                }
            }
        }
        return rows;
    }
}
