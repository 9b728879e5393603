package dev.tailrace.sink.jdbc;

import java.util.Optional;

/**
 * A column of a table at the target, as its catalog describes it.
 *
 * @param type the name to cast values to; without length, so that a value too long is an error and not cut
 * @param declared the type with its length, as {@link Dialect#createdType} would name it
 * @param notNull whether it refuses null
 * @param hasDefault whether the target fills it when an insert leaves it out
 * @param identityAlways whether only OVERRIDING SYSTEM VALUE sets it
 * @param generated whether the target computes it
 * @param collation by which texts compare, where the column has its own
 */
public record TargetColumn(
        String name,
        String type,
        String declared,
        boolean notNull,
        boolean hasDefault,
        boolean identityAlways,
        boolean generated,
        Optional<String> collation) {

    /** A column of which nothing but its type matters. */
    public static TargetColumn ofType(String name, String type, String declared) {
        return new TargetColumn(name, type, declared, false, false, false, false, Optional.empty());
    }

    /** Stands for a column that the target has not got: like one that it computes, it is never written. */
    static TargetColumn leftOut(String name) {
        return new TargetColumn(name, "", "", false, false, false, true, Optional.empty());
    }
}
