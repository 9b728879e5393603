package dev.tailrace.event;

/** What happened to a row (or, for {@link #TRUNCATE}, to a whole table). */
public enum Operation {
    /** The row was read by a snapshot. */
    READ('r'),
    INSERT('c'),
    /** The row was changed; its key may have changed too ({@link ChangeEvent#changesKey}). */
    UPDATE('u'),
    DELETE('d'),
    /** The table was emptied; the event carries no row. */
    TRUNCATE('t');

    private final char code;

    Operation(char code) {
        this.code = code;
    }

    /** The one-letter code of the Debezium envelope: r, c, u, d, t. Also the durable form in the journal. */
    public char code() {
        return code;
    }

    /** @throws IllegalArgumentException when no operation has that code */
    public static Operation ofCode(char code) {
        for (Operation operation : values()) {
            if (operation.code == code) {
                return operation;
            }
        }
        throw new IllegalArgumentException("no operation has the code '" + code + "'");
    }
}
