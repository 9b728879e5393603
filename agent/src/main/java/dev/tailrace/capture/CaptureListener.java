package dev.tailrace.capture;

import dev.tailrace.event.TableId;

/** Told of what has been made durable in the journal. Called on the capture's thread: must return at once. */
@FunctionalInterface
public interface CaptureListener {

    /**
     * @param table whose changes were journaled and fsynced
     * @param events how many, at least 1
     */
    void captured(TableId table, int events);
}
