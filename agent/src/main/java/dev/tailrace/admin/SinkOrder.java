package dev.tailrace.admin;

import java.util.Locale;

/** What an operator may order of a sink. */
public enum SinkOrder {
    /** Finish what is being written, then deliver nothing, also after a restart. */
    PAUSE,
    /** Go on after a pause or a halt. */
    RESUME;

    /** The word of the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a running agent takes it. */
    String path() {
        return "/api/sinks/" + label();
    }
}
