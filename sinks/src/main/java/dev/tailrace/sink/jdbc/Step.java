package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of consecutive changes that may be written together. Between two steps the order of the source holds; within
 * {@link Kind#ROWS} only the last state of each key counts.
 *
 * @param events not empty; for {@link Kind#MOVES} all of one table and shape
 */
record Step(Kind kind, List<ChangeEvent> events) {

    /** What the changes of a step have in common. */
    enum Kind {
        /** Inserts, deletes and updates that keep their key, of any tables. */
        ROWS,
        /** Updates that change a key: the row must be moved, because its image may be partial and others refer to it. */
        MOVES,
        /** Changes of tables without a key, which have an order of their own. */
        FULL_ROWS,
        TRUNCATES
    }

    static List<Step> of(List<ChangeEvent> events) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= events.size(); i++) {
            if (i == events.size() || !together(events.get(from), events.get(i))) {
                steps.add(new Step(kind(events.get(from)), events.subList(from, i)));
                from = i;
            }
        }
        return steps;
    }

    private static boolean together(ChangeEvent first, ChangeEvent next) {
        Kind kind = kind(first);
        return kind == kind(next) && (kind != Kind.MOVES || first.schema().sameShape(next.schema()));
    }

    private static Kind kind(ChangeEvent event) {
        if (event.operation() == Operation.TRUNCATE) {
            return Kind.TRUNCATES;
        }
        if (!event.schema().hasKey()) {
            return Kind.FULL_ROWS;
        }
        return event.changesKey() ? Kind.MOVES : Kind.ROWS;
    }
}
