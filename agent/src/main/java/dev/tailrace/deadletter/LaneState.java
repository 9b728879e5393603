package dev.tailrace.deadletter;

import java.util.Locale;

/** What becomes of the changes that wait in a lane. */
public enum LaneState {
    /** The first of them is tried again by itself when its time has come. */
    TRYING,
    /** It was tried often enough: a dead letter, which waits for an operator. */
    DEAD,
    /** An operator wants it tried again. */
    DUE,
    /** It is being written at this moment, or was when the agent died. */
    WRITING;

    /** The word that the command line and the file use. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LaneState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
