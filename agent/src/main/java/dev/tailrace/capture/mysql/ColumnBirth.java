package dev.tailrace.capture.mysql;

import io.debezium.document.Document;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a statement that added a column says of the rows that were there before.
 *
 * @param text of the literal; of the first member for an ENUM's {@link Kind#IMPLICIT}; why for {@link Kind#UNKNOWN}
 */
record ColumnBirth(Kind kind, String text) {
    private static final String KIND = "kind";
    private static final String TEXT = "text";

    /** Where the value comes from. */
    enum Kind {
        NULL,
        /** A text or a number. */
        LITERAL,
        HEX,
        BITS,
        /** NOT NULL without a default: what the type has for that. */
        IMPLICIT,
        /** It is the column of before under another name. */
        RENAMED,
        UNKNOWN
    }

    static ColumnBirth of(Kind kind) {
        return new ColumnBirth(kind, "");
    }

    static ColumnBirth unknown(String why) {
        return new ColumnBirth(Kind.UNKNOWN, why);
    }

    Document toDocument() {
        return Document.create(KIND, kind.name().toLowerCase(Locale.ROOT), TEXT, text);
    }

    static ColumnBirth read(@Nullable Document document) {
        return document == null
                ? unknown("came by a statement that does not tell")
                : new ColumnBirth(
                        Kind.valueOf(document.getString(KIND).toUpperCase(Locale.ROOT)), document.getString(TEXT));
    }
}
