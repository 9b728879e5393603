package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What operators ask of a pipeline. Any thread. */
final class Orders {
    private boolean paused;
    private boolean resumed;
    private final Set<TableId> approved = new LinkedHashSet<>();

    synchronized void pause() {
        paused = true;
        resumed = false;
    }

    synchronized void resume() {
        paused = false;
        resumed = true;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    /** Whether somebody asked to go on since the last call: a halted pipeline then tries again. */
    synchronized boolean takeResume() {
        boolean asked = resumed;
        resumed = false;
        return asked;
    }

    /** A halted pipeline tries again: what it halted on may have been the absence of this very table's rows. */
    synchronized void approve(TableId table) {
        approved.add(table);
        resumed = true;
    }

    /** The held tables that somebody let go on since the last call. */
    synchronized List<TableId> takeApprovals() {
        List<TableId> taken = List.copyOf(approved);
        approved.clear();
        return taken;
    }
}
