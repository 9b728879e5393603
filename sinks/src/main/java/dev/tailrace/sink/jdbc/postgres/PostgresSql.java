package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The texts of PostgreSQL's row statements. Parameters are arrays, one a column; values without a binary array form come
 * as {@code text[]} and are cast to the target column's type, which also carries arrays through {@code unnest} unflattened.
 */
final class PostgresSql {
    private final Dialect dialect;
    private final boolean oneRow;

    /** @param oneRow for a row too large to be copied into arrays: the parameters are scalars, the server makes the arrays */
    PostgresSql(Dialect dialect, boolean oneRow) {
        this.dialect = dialect;
        this.oneRow = oneRow;
    }

    String upsert(TableBinding table, List<Integer> columns) {
        List<Integer> set = columns.stream()
                .filter(c -> !table.schema().isKey(c) && !table.column(c).identityAlways())
                .toList();
        String action = set.isEmpty()
                ? "NOTHING"
                : "UPDATE SET "
                        + set.stream()
                                .map(c -> dialect.quote(table, c) + " = EXCLUDED." + dialect.quote(table, c))
                                .collect(Collectors.joining(", "));
        return insert(table, columns) + " ON CONFLICT (" + dialect.quote(table, table.key()) + ") DO " + action;
    }

    String insertNew(TableBinding table, List<Integer> columns) {
        return table.key().isEmpty()
                ? insert(table, columns)
                : insert(table, columns) + " ON CONFLICT (" + dialect.quote(table, table.key()) + ") DO NOTHING";
    }

    private String insert(TableBinding table, List<Integer> columns) {
        return "INSERT INTO " + dialect.quote(table.table().name()) + " (" + dialect.quote(table, columns) + ")"
                + overriding(table)
                + " SELECT " + values(table, columns, "u.c", 0) + " FROM "
                + inStep(table, columns) + " AS u";
    }

    /** The arrays spread side by side in a select list, row by row; in FROM the server would first store each of them. */
    private String inStep(TableBinding table, List<Integer> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "unnest(" + array(table, columns.get(i)) + ") AS c" + i)
                .collect(Collectors.joining(", ", "(SELECT ", ")"));
    }

    private static String overriding(TableBinding table) {
        return table.table().columns().values().stream().anyMatch(TargetColumn::identityAlways)
                ? " OVERRIDING SYSTEM VALUE"
                : "";
    }

    String update(TableBinding table, List<Integer> columns) {
        List<String> set = new ArrayList<>();
        List<String> match = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int column = columns.get(i);
            boolean key = table.schema().isKey(column);
            (key ? match : set)
                    .add((key ? "t." : "") + dialect.quote(table, column) + " = " + value(table, column, "u.c" + i));
        }
        return "UPDATE " + dialect.quote(table.table().name()) + " AS t SET " + String.join(", ", set) + " FROM "
                + unnest(table, columns) + " AS u(" + aliases(columns.size()) + ") WHERE "
                + String.join(" AND ", match);
    }

    String delete(TableBinding table) {
        List<Integer> key = table.key();
        return "DELETE FROM " + dialect.quote(table.table().name()) + " AS t USING " + unnest(table, key) + " AS u("
                + aliases(key.size()) + ") WHERE " + matches(table, "t.", "u.c");
    }

    private String matches(TableBinding table, String left, String right) {
        List<Integer> key = table.key();
        return IntStream.range(0, key.size())
                .mapToObj(i -> left + dialect.quote(table, key.get(i)) + " = " + value(table, key.get(i), right + i))
                .collect(Collectors.joining(" AND "));
    }

    /** One row with scalar parameters: the new values, then the old key. */
    String move(TableBinding table, List<Integer> columns) {
        return "UPDATE " + dialect.quote(table.table().name()) + " SET " + scalars(table, columns, ", ") + " WHERE "
                + scalars(table, table.key(), " AND ");
    }

    /** Which of the key's columns it is, -1 for none of them. */
    private static int inKey(TableBinding table, TargetColumn column) {
        for (int i = 0; i < table.key().size(); i++) {
            if (table.column(table.key().get(i)).name().equals(column.name())) {
                return i;
            }
        }
        return -1;
    }

    private String scalars(TableBinding table, List<Integer> columns, String separator) {
        return columns.stream()
                .map(c -> dialect.quote(table, c) + " = CAST(CAST(? AS text) AS "
                        + table.column(c).type() + ")")
                .collect(Collectors.joining(separator));
    }

    /** Takes the rows out under their old keys and puts all of them back under the new ones, in one statement. */
    String rotate(TableBinding table) {
        List<Integer> key = table.key();
        int size = key.size();
        List<String> all = new ArrayList<>();
        List<String> put = new ArrayList<>();
        for (TargetColumn column : table.table().columns().values()) {
            if (!column.generated()) {
                int inKey = inKey(table, column);
                all.add(dialect.quote(column.name()));
                put.add(
                        inKey >= 0
                                ? value(table, key.get(inKey), "m.c" + (size + inKey))
                                : "gone." + dialect.quote(column.name()));
            }
        }
        List<Integer> twice = new ArrayList<>(key);
        twice.addAll(key);
        // The sort reads all deleted rows before the first one goes in again.
        return "WITH m AS (SELECT * FROM " + unnest(table, twice) + " WITH ORDINALITY AS u(" + aliases(2 * size)
                + ", n)),"
                + " gone AS (DELETE FROM " + dialect.quote(table.table().name()) + " AS t USING m WHERE "
                + matches(table, "t.", "m.c") + " RETURNING t.*, m.n AS tailrace_n) INSERT INTO "
                + dialect.quote(table.table().name()) + " (" + String.join(", ", all) + ")" + overriding(table)
                + " SELECT "
                + String.join(", ", put) + " FROM gone JOIN m ON m.n = gone.tailrace_n ORDER BY m.n";
    }

    private String values(TableBinding table, List<Integer> columns, String alias, int first) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> value(table, columns.get(i), alias + (first + i)))
                .collect(Collectors.joining(", "));
    }

    private static String value(TableBinding table, int column, String reference) {
        String type = table.column(column).type();
        boolean asIs = type.equals("text") || !element(table, column).equals("text");
        return asIs ? reference : "CAST(" + reference + " AS " + type + ")";
    }

    private static String element(TableBinding table, int column) {
        return BinaryType.of(
                        table.column(column).type(),
                        table.schema().column(column).valueType())
                .element();
    }

    private String unnest(TableBinding table, List<Integer> columns) {
        return columns.stream().map(c -> array(table, c)).collect(Collectors.joining(", ", "unnest(", ")"));
    }

    private String array(TableBinding table, int column) {
        String element = element(table, column);
        return oneRow ? "ARRAY[?::" + element + "]" : "?::" + element + "[]";
    }

    private static String aliases(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    }
}
