package dev.tailrace.sink.jdbc;

import java.util.Optional;

/**
 * One difference between two shapes of a table.
 *
 * @param kind which policy applies
 * @param action what would have to be done about it
 * @param column its name in the new shape, or in the old one when the new one lacks it; the key's columns for a change of
 *     the key
 * @param previous for {@link Action#RENAME} the name in the old shape
 * @param text the change in words, without names of the target
 */
record SchemaChange(ChangeClass kind, Action action, String column, Optional<String> previous, String text) {

    /** What a change does to a table. */
    enum Action {
        ADD,
        DROP,
        RENAME,
        /** To a type that holds every value of the old one. */
        WIDEN,
        /** To a type whose every value the old one holds. */
        SHRINK,
        /** To a type that has other values. */
        CONVERT,
        RELAX,
        TIGHTEN,
        KEY
    }

    static SchemaChange of(ChangeClass kind, Action action, String column, String text) {
        return new SchemaChange(kind, action, column, Optional.empty(), text);
    }

    /** The same with more to say about it. */
    SchemaChange with(String more) {
        return more.isEmpty() ? this : new SchemaChange(kind, action, column, previous, text + more);
    }

    /** Whether the target may follow before the last changes of the old shape are written: they still fit. */
    boolean mayComeEarly() {
        return action != Action.RENAME && action != Action.CONVERT && action != Action.KEY;
    }
}
