package dev.tailrace.demo;

import dev.tailrace.demo.TypesTarget.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A table whose key is of one type: rows are found again by it in every kind of change. One thread. */
final class KeyTable {
    private final String name;
    private final TypeCase type;
    private final List<String> keys;

    /** @param keys different ones, as SQL */
    KeyTable(String name, TypeCase type, List<String> keys) {
        this.name = name;
        this.type = type;
        this.keys = keys;
    }

    String name() {
        return name;
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
        source.execute("DELETE FROM " + name() + where(keys.size() - 1));
        if (keys.size() > 1) {
            source.execute("UPDATE " + name() + " SET k = " + keys.get(keys.size() - 1) + ", v = v + 100" + where(0));
        }
    }

    /** By its text: a domain over an enum has no operator of its own. */
    private String where(int key) {
        return " WHERE format('%s', k) = format('%s', CAST(" + keys.get(key) + " AS " + type.type() + "))";
    }

    private void insert(Statement source, int first) throws SQLException {
        for (int i = first; i < keys.size(); i += 2) {
            source.execute("INSERT INTO " + name() + " VALUES (" + keys.get(i) + ", " + i * 1000 + ")");
        }
    }

    /** Keys in their canonical forms with the other column. */
    Map<String, String> read(TypesTarget target) throws SQLException {
        try (Connection connection = target.connect()) {
            return read(connection, name(), target.reading(Kind.POSTGRES));
        }
    }

    /** The source's rows as they are to be at that target. */
    Map<String, String> readFor(TypesTarget target, Connection source) throws SQLException {
        return read(source, "public." + name(), target.readingOf(Kind.POSTGRES));
    }

    private Map<String, String> read(Connection connection, String table, TypesReading reading) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + reading.expression(type.form(), "k") + ", v FROM " + table)) {
            while (result.next()) {
                if (rows.put(reading.canonical(type.form(), result, 1), result.getString(2)) != null) {
                    throw new AssertionError(reading.kind().title() + " has a key of " + name() + " twice");
                }
            }
        }
        return rows;
    }
}
