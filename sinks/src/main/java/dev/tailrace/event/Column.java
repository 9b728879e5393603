package dev.tailrace.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link TableSchema}.
 *
 * @param name as the source spells it
 * @param sourceType the source's own type name, lower case, without length (PostgreSQL: {@code int8}, {@code varchar},
 *     {@code numeric}, {@code _text}; a user's or an extension's type with its schema as SQL spells it, {@code
 *     public.mood}, {@code "My Schema".pair[]}, so that it is never taken for a type of the server's own)
 * @param length declared length or precision, -1 when none
 * @param scale declared scale, -1 when none
 * @param nullable whether the source allows null
 * @param valueType how values are carried
 * @param elementType how the elements of an {@link ValueType#ARRAY} are carried, null for all others
 */
public record Column(
        String name,
        String sourceType,
        int length,
        int scale,
        boolean nullable,
        ValueType valueType,
        @Nullable ValueType elementType) {
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sourceType, "sourceType");
        Objects.requireNonNull(valueType, "valueType");
        if ((valueType == ValueType.ARRAY) != (elementType != null)) {
            throw new IllegalArgumentException(
                    "column " + name + ": an element type belongs to an array and only to it");
        }
    }

    /** A column without declared length that holds a scalar. */
    public static Column of(String name, String sourceType, ValueType valueType, boolean nullable) {
        return new Column(name, sourceType, -1, -1, nullable, valueType, null);
    }
}
