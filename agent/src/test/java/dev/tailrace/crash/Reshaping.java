package dev.tailrace.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.demo.Archive;
import dev.tailrace.demo.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table in a database of its own whose shape changes between its rows. One session writes to it, so it is known what the
 * archive has to say of it, in which order and by which names. One thread.
 */
final class Reshaping implements AutoCloseable {
    private final Connection connection;
    private final String database;
    private final List<String> expected = new ArrayList<>();
    /** Rows that a DELETE finds, in the order of the key. */
    private final List<Integer> live = new ArrayList<>();

    private int id;

    private Reshaping(Connection connection, String database) {
        this.connection = connection;
        this.database = database;
    }

    /** Makes the table; its first row belongs to a snapshot. */
    static Reshaping open(Shop shop, String database) throws SQLException {
        Reshaping reshaping = new Reshaping(shop.connect(), database);
        reshaping.execute("CREATE DATABASE " + database);
        reshaping.execute("CREATE TABLE " + database + ".parts (id int PRIMARY KEY, label varchar(20), size int)");
        reshaping.execute("INSERT INTO " + database + ".parts VALUES (0, 'first', 0)");
        return reshaping;
    }

    /** Every kind of change once, with rows between them; in the end the shape is that of the beginning. */
    void round() throws SQLException {
        change("parts", Map.of("label", "'plain'", "size", "1"));
        alter("parts", "ADD COLUMN colour varchar(10) NOT NULL DEFAULT 'grey' AFTER id");
        change("parts", Map.of("label", "'added'", "size", "2", "colour", "'red'"));
        alter("parts", "RENAME COLUMN label TO title");
        change("parts", Map.of("title", "'renamed'", "size", "3", "colour", "'green'"));
        alter("parts", "MODIFY COLUMN size varchar(30) FIRST");
        change("parts", Map.of("title", "'retyped'", "size", "'four'", "colour", "'blue'"));
        execute("RENAME TABLE " + database + ".parts TO " + database + ".pieces");
        change("pieces", Map.of("title", "'moved'", "size", "'five'", "colour", "'white'"));
        execute("DELETE FROM " + database + ".pieces WHERE id > 0");
        forget("pieces");
        alter("pieces", "DROP COLUMN colour, RENAME COLUMN title TO label");
        change("pieces", Map.of("label", "'dropped'", "size", "'6'"));
        execute("TRUNCATE TABLE " + database + ".pieces");
        expected.add("t pieces {}");
        live.clear();
        execute("ALTER TABLE " + database + ".pieces MODIFY COLUMN size int, RENAME TO " + database + ".parts");
        change("parts", Map.of("label", "'back'", "size", "7"));
    }

    private void alter(String table, String what) throws SQLException {
        execute("ALTER TABLE " + database + "." + table + " " + what);
    }

    /** Two rows of one event, and a change of one of them. */
    private void change(String table, Map<String, String> values) throws SQLException {
        int first = ++id;
        int second = ++id;
        List<String> columns = List.copyOf(new TreeMap<>(values).keySet());
        StringBuilder row = new StringBuilder();
        columns.forEach(column -> row.append(", ").append(values.get(column)));
        execute("INSERT INTO " + database + "." + table + " (id, " + String.join(", ", columns) + ") VALUES (" + first
                + row + "), (" + second + row + ")");
        expect("c", table, first, values);
        expect("c", table, second, values);
        execute("UPDATE " + database + "." + table + " SET size = NULL WHERE id = " + second);
        Map<String, String> updated = new TreeMap<>(values);
        updated.put("size", "null");
        expect("u", table, second, updated);
    }

    private void forget(String table) {
        for (int gone : live) {
            expected.add("d " + table + " " + gone);
        }
        live.clear();
    }

    private void expect(String operation, String table, int row, Map<String, String> values) {
        TreeMap<String, String> texts = new TreeMap<>();
        values.forEach((column, value) -> texts.put(column, value.replace("'", "")));
        texts.put("id", Integer.toString(row));
        expected.add(operation + " " + table + " " + texts);
        if (operation.equals("c")) {
            live.add(row);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first line that is not as it has to be; empty when all are. */
    List<String> wrong(Path archive) throws IOException, SQLException {
        List<String> told = new ArrayList<>();
        new Archive(archive).changes(change -> {
            if (change.path("schema").asText().equals(database)
                    && !change.path("op").asText().equals("r")) {
                told.add(text(change));
            }
        });
        int from = expected.size() - told.size(); // the snapshot has the first ones
        if (from < 0) {
            return List.of((-from) + " lines too many");
        }
        for (int i = 0; i < told.size(); i++) {
            if (!told.get(i).equals(expected.get(from + i))) {
                return List.of("line " + i + ": expected " + expected.get(from + i) + ", was " + told.get(i));
            }
        }
        return told.isEmpty() ? List.of("nothing arrived") : List.of();
    }

    private static String text(JsonNode change) {
        String operation = change.path("op").asText();
        String head = operation + " " + change.path("table").asText() + " ";
        if (operation.equals("d")) {
            return head + change.path("before").path("id").asText();
        }
        TreeMap<String, String> values = new TreeMap<>();
        JsonNode after = change.path("after");
        for (Iterator<String> names = after.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            values.put(name, after.path(name).asText());
        }
        return head + values;
    }

    @Override
    public void close() throws SQLException {
        execute("DROP DATABASE " + database);
        connection.close();
    }
}
