package dev.tailrace.demo;

import dev.tailrace.demo.TypesTarget.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A type of PostgreSQL with its hardest values, as SQL.
 *
 * @param name of its columns
 * @param title in the documentation
 * @param type as a column is declared
 * @param values that every target holds
 * @param refusals values that some targets refuse, and the others hold
 * @param isKey whether a column of it can be a primary key
 * @param note for the documentation; may be empty
 */
record TypeCase(
        String name,
        String title,
        String type,
        WideForm form,
        List<String> values,
        List<Refusal> refusals,
        boolean isKey,
        String note) {

    static final Set<Kind> MYSQLS = EnumSet.of(Kind.MYSQL, Kind.MARIADB);
    static final Set<Kind> MYSQLS_AND_H2 = EnumSet.of(Kind.MYSQL, Kind.MARIADB, Kind.H2);
    static final Set<Kind> FILES = EnumSet.of(Kind.SQLITE, Kind.H2);
    static final Set<Kind> ONLY_H2 = EnumSet.of(Kind.H2);

    /** @param by targets that do not hold it as it is */
    record Refusal(String value, Set<Kind> by) {}

    static TypeCase of(String name, String type, WideForm form, String... values) {
        return new TypeCase(name, "`" + type + "`", type, form, List.of(values), List.of(), false, "");
    }

    /** The same as a key, too: the values are different keys, and none is null. */
    TypeCase key() {
        return new TypeCase(name, title, type, form, values, refusals, true, note);
    }

    TypeCase refusedBy(Set<Kind> targets, String... refused) {
        List<Refusal> more = new ArrayList<>(refusals);
        Stream.of(refused).forEach(value -> more.add(new Refusal(value, targets)));
        return new TypeCase(name, title, type, form, values, List.copyOf(more), isKey, note);
    }

    TypeCase titled(String other) {
        return new TypeCase(name, other, type, form, values, refusals, isKey, note);
    }

    TypeCase note(String text) {
        return new TypeCase(name, title, type, form, values, refusals, isKey, text);
    }

    List<String> refused(Set<Kind> by) {
        return refusals.stream()
                .filter(refusal -> refusal.by().equals(by))
                .map(Refusal::value)
                .toList();
    }

    WideColumn column() {
        return new WideColumn(name, type, form, values);
    }
}
