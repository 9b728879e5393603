package dev.tailrace.view;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.SinkException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One shape of one table as the sink is shown it. */
final class TableView {
    static final String IMAGE = "VIEW-IMAGE";
    static final String KEY_VALUE = "VIEW-KEY-VALUE";
    private static final String FULL_IMAGES =
            "let the source send whole old rows (PostgreSQL: ALTER TABLE %s REPLICA IDENTITY FULL; MySQL:"
                    + " binlog_row_image=FULL), then take a new snapshot";

    private final TableSchema source;
    private final TableSchema shown;
    private final List<Cell> cells;
    private final @Nullable RowFilter filter;
    private final boolean ownKey;

    /** Where a shown column's value comes from. */
    record Cell(int position, Mask mask) {}

    /** What is shown in place of a value that is present. */
    @FunctionalInterface
    interface Mask {
        @Nullable
        Object of(@Nullable Object value);
    }

    private TableView(TableSchema source, TableSchema shown, List<Cell> cells, @Nullable RowFilter filter) {
        this.source = source;
        this.shown = shown;
        this.cells = List.copyOf(cells);
        this.filter = filter;
        this.ownKey =
                shown.key().stream().map(k -> cells.get(k).position()).toList().equals(source.key());
    }

    /**
     * @param hash null when nothing is hashed
     * @param strict whether a column that is not there is an error; else it has come later, or is gone: nothing to mask
     * @throws ViewProblem when the rules do not fit this shape
     */
    static TableView of(TableSchema source, TableRules rules, @Nullable MaskHash hash, boolean strict)
            throws ViewProblem {
        if (strict) {
            for (String column : named(rules)) {
                if (source.indexOf(column) < 0) {
                    throw new ViewProblem(
                            "columns of " + source.table() + " name " + column + ", which it does not have");
                }
            }
        }
        List<Column> columns = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            String name = source.column(i).name();
            if (!rules.drop().contains(name)) {
                columns.add(shown(source.column(i), rules));
                cells.add(new Cell(i, mask(source, i, rules, hash)));
            }
        }
        List<Integer> key = key(source, rules, cells);
        RowFilter filter = null;
        if (rules.where().isPresent()) {
            try {
                filter = RowFilter.of(rules.where().get(), source);
            } catch (ConditionProblem e) {
                throw new ViewProblem("where of " + source.table() + ", " + e.getMessage());
            }
        }
        try {
            TableSchema shown = new TableSchema(
                    source.id(),
                    source.table(),
                    source.version(),
                    columns,
                    key,
                    existing(source, rules, cells, columns));
            return new TableView(source, shown, cells, filter);
        } catch (IllegalArgumentException e) {
            throw new ViewProblem("columns of " + source.table() + ": " + e.getMessage());
        }
    }

    /** What rows have that were there before a column came is masked like every other value of it. */
    private static Map<String, Object> existing(
            TableSchema source, TableRules rules, List<Cell> cells, List<Column> columns) {
        Map<String, Object> existing = new HashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String name = source.column(cells.get(i).position()).name();
            Object value = cells.get(i).mask().of(source.existing().get(name));
            if (value != null
                    && (source.existing().containsKey(name) || rules.fixed().containsKey(name))) {
                existing.put(columns.get(i).name(), value);
            }
        }
        return existing;
    }

    private static List<String> named(TableRules rules) {
        List<String> named = new ArrayList<>(rules.drop());
        named.addAll(rules.hash());
        named.addAll(rules.fixed().keySet());
        named.addAll(rules.rename().keySet());
        return named;
    }

    private static Column shown(Column column, TableRules rules) {
        String name = rules.rename().getOrDefault(column.name(), column.name());
        return rules.hash().contains(column.name())
                ? new Column(name, "varchar", MaskHash.LENGTH, -1, column.nullable(), ValueType.TEXT, null)
                : new Column(
                        name,
                        column.sourceType(),
                        column.length(),
                        column.scale(),
                        column.nullable(),
                        column.valueType(),
                        column.elementType());
    }

    private static Mask mask(TableSchema source, int position, TableRules rules, @Nullable MaskHash hash)
            throws ViewProblem {
        Column column = source.column(position);
        if (rules.hash().contains(column.name())) {
            if (hash == null) {
                throw new IllegalStateException("a hash without a key");
            }
            return value -> value == null ? null : hash.of(value);
        }
        String text = rules.fixed().get(column.name());
        if (text == null) {
            return value -> value;
        }
        try {
            Object fixed = Literals.filling(column, text);
            return value -> fixed;
        } catch (IllegalArgumentException e) {
            throw new ViewProblem("columns of " + source.table() + ", fixed: column " + column.name() + " is "
                    + column.sourceType() + " and " + e.getMessage());
        }
    }

    private static List<Integer> key(TableSchema source, TableRules rules, List<Cell> cells) throws ViewProblem {
        List<String> names = rules.key().isEmpty()
                ? source.key().stream().map(k -> source.column(k).name()).toList()
                : rules.key();
        List<Integer> positions = cells.stream().map(Cell::position).toList();
        List<Integer> key = new ArrayList<>();
        for (String name : names) {
            int position = source.indexOf(name);
            if (position < 0) {
                throw new ViewProblem(
                        "keys of " + source.table() + " name column " + name + ", which it does not have");
            }
            if (!positions.contains(position) || rules.fixed().containsKey(name)) {
                throw new ViewProblem("columns of " + source.table() + ": key column " + name
                        + " cannot be dropped or fixed, because rows are told apart by it; it can be hashed");
            }
            key.add(positions.indexOf(position));
        }
        return key;
    }

    TableSchema shown() {
        return shown;
    }

    /**
     * The change as it is shown; empty when the sink does not see it.
     *
     * @throws SinkException REJECT when the source did not send what it takes to tell
     */
    Optional<ChangeEvent> of(ChangeEvent event) throws SinkException {
        if (filter == null || event.operation() == Operation.TRUNCATE) {
            return Optional.of(show(event, event.operation(), event.before(), event.after()));
        }
        RowFilter condition = filter;
        Row before = event.before();
        Row after = completed(event);
        Truth was = before == null ? Truth.ABSENT : condition.test(before);
        if (event.operation() == Operation.DELETE) {
            // A deletion of a row that the target lacks does no harm; one that is kept back would.
            return was == Truth.TRUE || was == Truth.ABSENT
                    ? Optional.of(show(event, Operation.DELETE, before, null))
                    : Optional.empty();
        }
        if (after == null) {
            throw new IllegalStateException(event + " has no new image");
        }
        Truth is = condition.test(after);
        if (is == Truth.ABSENT) {
            throw refused(event, "does not say whether the row is one of those that where names");
        }
        if (event.operation() != Operation.UPDATE) {
            return is == Truth.TRUE ? Optional.of(show(event, event.operation(), null, after)) : Optional.empty();
        }
        return is == Truth.TRUE ? stays(event, was, after) : leaves(event, was, after);
    }

    /** The row is one of those shown, and maybe was not before: then it arrives whole, or not at all (I7). */
    private Optional<ChangeEvent> stays(ChangeEvent event, Truth was, Row after) throws SinkException {
        if (was == Truth.TRUE) {
            return Optional.of(show(event, Operation.UPDATE, event.before(), event.after()));
        }
        Operation operation = was == Truth.ABSENT ? Operation.UPDATE : Operation.INSERT;
        ChangeEvent whole = show(event, operation, operation == Operation.UPDATE ? event.before() : null, after);
        if (whole.image().hasAbsent()) {
            throw refused(event, "has a part of the row, which may be new to the sink by its where");
        }
        return Optional.of(whole);
    }

    private Optional<ChangeEvent> leaves(ChangeEvent event, Truth was, Row after) throws SinkException {
        if (was == Truth.FALSE || was == Truth.UNKNOWN) {
            return Optional.empty();
        }
        Row before = event.before();
        return Optional.of(show(event, Operation.DELETE, before != null ? before : after, null));
    }

    /** What an update leaves out did not change, so an old image has it. */
    private static @Nullable Row completed(ChangeEvent event) {
        Row before = event.before();
        Row after = event.after();
        if (before == null || after == null || !after.hasAbsent()) {
            return after;
        }
        @Nullable Object[] values = new Object[after.schema().size()];
        for (int i = 0; i < values.length; i++) {
            Row from = after.isAbsent(i) ? before : after;
            values[i] = from.isAbsent(i) ? Row.absent() : from.value(i);
        }
        return Row.of(after.schema(), values);
    }

    private ChangeEvent show(ChangeEvent event, Operation operation, @Nullable Row before, @Nullable Row after)
            throws SinkException {
        Row shownBefore = before == null ? null : show(before);
        Row shownAfter = after == null ? null : show(after);
        if (!ownKey) {
            checkKey(event, operation, shownBefore, shownAfter);
        }
        return event.isSnapshot()
                ? ChangeEvent.ofSnapshot(
                        operation, shown, event.position(), event.snapshotEpoch(), event.ordinal(), shownAfter)
                : ChangeEvent.ofChange(operation, shown, event.position(), event.ordinal(), shownBefore, shownAfter);
    }

    private Row show(Row row) {
        @Nullable Object[] values = new Object[cells.size()];
        for (int i = 0; i < values.length; i++) {
            Cell cell = cells.get(i);
            values[i] =
                    row.isAbsent(cell.position()) ? Row.absent() : cell.mask().of(row.value(cell.position()));
        }
        return Row.of(shown, values);
    }

    /** A declared key is not the source's: whether the source sends it, and never as null, shows at each change. */
    private void checkKey(ChangeEvent event, Operation operation, @Nullable Row before, @Nullable Row after)
            throws SinkException {
        if (operation == Operation.UPDATE && before == null) {
            throw refused(event, "has no old image, so nobody knows whether its declared key changed");
        }
        for (Row image : new @Nullable Row[] {before, after}) {
            for (int position : shown.key()) {
                if (image != null && image.isAbsent(position)) {
                    throw refused(
                            event,
                            "lacks the declared key column "
                                    + shown.column(position).name());
                }
                if (image != null && image.isNull(position)) {
                    throw SinkException.reject(
                            KEY_VALUE,
                            event + " has a null in the declared key column "
                                    + shown.column(position).name(),
                            "declare columns under keys that are never null, or mend the row at the source",
                            List.of(event.id()),
                            null);
                }
            }
        }
    }

    private SinkException refused(ChangeEvent event, String what) {
        return SinkException.reject(
                IMAGE, event + " " + what, String.format(FULL_IMAGES, source.table()), List.of(event.id()), null);
    }
}
