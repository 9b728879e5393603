package dev.tailrace.torture;

/** What is disturbed. Of two disturbances at one place the second waits for the first one's end. */
enum Place {
    AGENT,
    SOURCE,
    SOURCE_LINK,
    TARGET,
    TARGET_LINK,
    RECEIVER,
    RECEIVER_LINK,
    DISK,
    SHAPES,
    WAREHOUSE_ROW,
    EVENTS_ROW,
    CLOCK
}
