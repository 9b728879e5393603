package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.SchemaChange.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What changed between two shapes of a source table, seen from its columns alone: no source tells in its log what an
 * ALTER TABLE was called. A column that vanished while another one came is never guessed to be dropped or renamed.
 */
final class SchemaComparison {
    private final TableSchema from;
    private final TableSchema to;
    private final List<SchemaChange> changes = new ArrayList<>();
    private final Map<String, String> renamed = new LinkedHashMap<>();

    private SchemaComparison(TableSchema from, TableSchema to) {
        this.from = from;
        this.to = to;
    }

    /** @param keyed whether the target finds rows by the source's key */
    static List<SchemaChange> between(TableSchema from, TableSchema to, boolean keyed) {
        SchemaComparison comparison = new SchemaComparison(from, to);
        comparison.columns();
        if (keyed) {
            comparison.key();
        }
        return List.copyOf(comparison.changes);
    }

    private void columns() {
        List<Column> gone =
                from.columns().stream().filter(c -> to.indexOf(c.name()) < 0).collect(Collectors.toList());
        List<Column> come =
                to.columns().stream().filter(c -> from.indexOf(c.name()) < 0).collect(Collectors.toList());
        boolean anew = gone.size() == from.size() && from.size() > 1;
        if (!anew) {
            renames(gone, come);
        }
        boolean maybeRenamed = !gone.isEmpty() && !come.isEmpty();
        for (Column column : come) {
            ChangeClass kind = anew
                    ? ChangeClass.RECREATE
                    : maybeRenamed
                            ? ChangeClass.RENAME
                            : column.nullable() ? ChangeClass.ADD : ChangeClass.ADD_REQUIRED;
            changes.add(SchemaChange.of(
                    kind,
                    Action.ADD,
                    column.name(),
                    "column " + column.name() + " " + type(column) + (column.nullable() ? "" : " NOT NULL") + " came"
                            + (kind == ChangeClass.RENAME ? " while " + names(gone) + " vanished: maybe renamed" : "")
                            + (to.existing().containsKey(column.name())
                                    ? "; rows from before get what they have at the source"
                                    : kind == ChangeClass.ADD_REQUIRED
                                            ? "; rows from before have null in it at the target until they change"
                                            : "")));
        }
        for (Column column : gone) {
            ChangeClass kind = anew ? ChangeClass.RECREATE : maybeRenamed ? ChangeClass.RENAME : ChangeClass.DROP;
            changes.add(SchemaChange.of(kind, Action.DROP, column.name(), "column " + column.name() + " vanished"));
        }
        for (Column column : to.columns()) {
            int before = from.indexOf(column.name());
            if (before >= 0) {
                column(from.column(before), column);
            }
        }
    }

    /** In one place, of one type: most likely renamed. Takes them out of the lists. */
    private void renames(List<Column> gone, List<Column> come) {
        boolean single = gone.size() == 1 && come.size() == 1;
        for (Column before : List.copyOf(gone)) {
            Optional<Column> after = come.stream()
                    .filter(c -> Widening.same(before, c))
                    .filter(c -> single || to.indexOf(c.name()) == from.indexOf(before.name()))
                    .findFirst();
            if (after.isPresent()) {
                String name = after.get().name();
                gone.remove(before);
                come.remove(after.get());
                renamed.put(name, before.name());
                changes.add(new SchemaChange(
                        ChangeClass.RENAME,
                        Action.RENAME,
                        name,
                        Optional.of(before.name()),
                        "column " + before.name() + " vanished and " + name + " of the same type came: maybe renamed"));
                nullability(before, after.get());
            }
        }
    }

    private void column(Column before, Column after) {
        if (!Widening.same(before, after)) {
            boolean mySql = SourceNames.areMySql(to);
            boolean wider = Widening.holds(before, after, mySql);
            boolean shorter = Widening.holds(after, before, mySql);
            changes.add(SchemaChange.of(
                    wider ? ChangeClass.WIDEN : ChangeClass.NARROW,
                    wider ? Action.WIDEN : shorter ? Action.SHRINK : Action.CONVERT,
                    after.name(),
                    "column " + after.name() + " was " + type(before) + " and is " + type(after)));
        }
        nullability(before, after);
    }

    private void nullability(Column before, Column after) {
        if (before.nullable() == after.nullable()) {
            return;
        }
        changes.add(
                after.nullable()
                        ? SchemaChange.of(
                                ChangeClass.RELAX,
                                Action.RELAX,
                                after.name(),
                                "column " + after.name() + " allows null")
                        : SchemaChange.of(
                                ChangeClass.TIGHTEN,
                                Action.TIGHTEN,
                                after.name(),
                                "column " + after.name() + " does not allow null any more"));
    }

    private void key() {
        List<String> before = keyNames(from);
        List<String> after = keyNames(to);
        List<String> expected =
                after.stream().map(n -> renamed.getOrDefault(n, n)).toList();
        // The order of the key's columns says nothing about which rows are the same.
        if (!expected.stream().sorted().toList().equals(before.stream().sorted().toList())) {
            String columns = String.join(", ", after);
            changes.add(SchemaChange.of(
                    ChangeClass.KEY,
                    Action.KEY,
                    columns,
                    "the primary key was "
                            + (before.isEmpty() ? "none" : "(" + String.join(", ", before) + ")") + " and is "
                            + (after.isEmpty() ? "none" : "(" + columns + ")")));
        }
    }

    static List<String> keyNames(TableSchema schema) {
        return schema.key().stream().map(k -> schema.column(k).name()).toList();
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** The source's name of the type with its sizes. */
    static String type(Column column) {
        if (column.length() < 0) {
            return column.sourceType();
        }
        return column.sourceType() + "(" + column.length() + (column.scale() >= 0 ? "," + column.scale() : "") + ")";
    }
}
