package dev.tailrace.journal;

/** Whether the journal may grow, and if not, why (I4). */
public enum Space {
    AVAILABLE,
    /** {@code journal.max-size} is used up by frames that a sink still needs. */
    BUDGET_USED,
    /** The file system has less than {@code journal.reserve} left. */
    DISK_RESERVE
}
