package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.sink.jdbc.TargetColumn;
import java.util.Locale;

/** What SQLite makes of the values of a column, by the rules of its manual, "Datatypes In SQLite", 3.1. */
enum Affinity {
    INTEGER,
    /** Numbers become texts, bytes stay bytes. */
    TEXT,
    /** Nothing is converted. */
    BLOB,
    REAL,
    /** A text that looks like a number becomes one of 64 bits or a double. */
    NUMERIC;

    /** @param declared the type as written at the column, empty when there is none */
    static Affinity of(String declared) {
        String type = declared.toUpperCase(Locale.ROOT);
        if (type.contains("INT")) {
            return INTEGER;
        }
        if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
            return TEXT;
        }
        // ANY is a type of STRICT tables alone; elsewhere it would be NUMERIC, and is treated as that.
        if (type.isEmpty() || type.contains("BLOB")) {
            return BLOB;
        }
        return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB") ? REAL : NUMERIC;
    }

    /** Of a column as {@link SqliteCatalog} describes it. */
    static Affinity of(TargetColumn column) {
        return valueOf(column.type().toUpperCase(Locale.ROOT));
    }

    boolean isNumeric() {
        return this == INTEGER || this == REAL || this == NUMERIC;
    }

    /** The one word that has this affinity. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
