package dev.tailrace.view;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.view.Condition.Operator;
import java.util.ArrayList;
import java.util.List;

/** A condition fitted to the columns of one shape of a table. */
@FunctionalInterface
interface RowFilter {
    Truth test(Row row);

    /** @throws ConditionProblem when a column is unknown or is compared with something that it cannot hold */
    static RowFilter of(Condition condition, TableSchema schema) throws ConditionProblem {
        if (condition instanceof Condition.And and) {
            List<RowFilter> parts = all(and.parts(), schema);
            return row -> parts.stream().map(p -> p.test(row)).reduce(Truth.TRUE, Truth::and);
        }
        if (condition instanceof Condition.Or or) {
            List<RowFilter> parts = all(or.parts(), schema);
            return row -> parts.stream().map(p -> p.test(row)).reduce(Truth.FALSE, Truth::or);
        }
        if (condition instanceof Condition.Not not) {
            RowFilter inner = of(not.inner(), schema);
            return row -> inner.test(row).not();
        }
        if (condition instanceof Condition.IsNull isNull) {
            int position = position(isNull.column(), schema);
            return row -> row.isAbsent(position) ? Truth.ABSENT : Truth.of(row.isNull(position));
        }
        return compare((Condition.Compare) condition, schema);
    }

    private static List<RowFilter> all(List<Condition> conditions, TableSchema schema) throws ConditionProblem {
        List<RowFilter> filters = new ArrayList<>();
        for (Condition condition : conditions) {
            filters.add(of(condition, schema));
        }
        return filters;
    }

    private static RowFilter compare(Condition.Compare compare, TableSchema schema) throws ConditionProblem {
        int position = position(compare.column(), schema);
        Column column = schema.column(position);
        Operator operator = compare.operator();
        if (operator.ordersOnly() && !Literals.isOrdered(column)) {
            throw new ConditionProblem(
                    compare.column().position(),
                    "column " + column.name() + " is " + column.sourceType() + ", which compares with = and <> only");
        }
        Object literal;
        try {
            literal = Literals.typed(column, compare.literal().value());
        } catch (IllegalArgumentException e) {
            throw new ConditionProblem(
                    compare.literal().position(),
                    "column " + column.name() + " is " + column.sourceType() + " and " + e.getMessage());
        }
        return row -> {
            if (row.isAbsent(position)) {
                return Truth.ABSENT;
            }
            Object value = row.value(position);
            return value == null ? Truth.UNKNOWN : Truth.of(operator.holds(Literals.compare(column, value, literal)));
        };
    }

    private static int position(Condition.Name name, TableSchema schema) throws ConditionProblem {
        int position = schema.indexOf(name.text());
        if (position < 0) {
            throw new ConditionProblem(
                    name.position(),
                    "table " + schema.table() + " has no column " + name.text() + "; it has "
                            + String.join(
                                    ", ",
                                    schema.columns().stream().map(Column::name).toList()));
        }
        return position;
    }
}
