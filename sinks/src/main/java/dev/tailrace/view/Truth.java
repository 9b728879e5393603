package dev.tailrace.view;

/** What a condition says of a row: SQL's three answers, and that the row image lacks what it asks for. */
enum Truth {
    TRUE,
    FALSE,
    /** A null was compared: the row is not one of those asked for, nor is it one of the others. */
    UNKNOWN,
    /** The source did not send a column that decides (I7). */
    ABSENT;

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    Truth not() {
        return switch (this) {
            case TRUE -> FALSE;
            case FALSE -> TRUE;
            case UNKNOWN, ABSENT -> this;
        };
    }

    Truth and(Truth other) {
        return dominant(other, FALSE);
    }

    Truth or(Truth other) {
        return dominant(other, TRUE);
    }

    private Truth dominant(Truth other, Truth decides) {
        if (this == decides || other == decides) {
            return decides;
        }
        if (this == ABSENT || other == ABSENT) {
            return ABSENT;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : this;
    }
}
