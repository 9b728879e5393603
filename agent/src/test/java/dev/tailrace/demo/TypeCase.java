package dev.tailrace.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * A type of PostgreSQL with its hardest values, as SQL.
 *
 * @param name of its columns
 * @param title in the documentation
 * @param type as a column is declared
 * @param values that every target holds
 * @param beyond values that the PostgreSQL target holds and the others refuse
 * @param isKey whether a column of it can be a primary key
 * @param note for the documentation; may be empty
 */
record TypeCase(
        String name,
        String title,
        String type,
        WideForm form,
        List<String> values,
        List<String> beyond,
        boolean isKey,
        String note) {

    static TypeCase of(String name, String type, WideForm form, String... values) {
        return new TypeCase(name, "`" + type + "`", type, form, List.of(values), List.of(), false, "");
    }

    /** The same as a key, too: the values are different keys, and none is null. */
    TypeCase key() {
        return new TypeCase(name, title, type, form, values, beyond, true, note);
    }

    TypeCase beyond(String... refused) {
        return new TypeCase(name, title, type, form, values, List.of(refused), isKey, note);
    }

    TypeCase titled(String other) {
        return new TypeCase(name, other, type, form, values, beyond, isKey, note);
    }

    TypeCase note(String text) {
        return new TypeCase(name, title, type, form, values, beyond, isKey, text);
    }

    WideColumn column() {
        return new WideColumn(name, type, form, values);
    }

    WideColumn columnOfAll() {
        List<String> all = new ArrayList<>(values);
        all.addAll(beyond);
        return new WideColumn(name, type, form, all);
    }
}
