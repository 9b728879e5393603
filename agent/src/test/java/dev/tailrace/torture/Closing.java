package dev.tailrace.torture;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends what is still at work when the virtual machine is told to end, by SIGINT for example: no process and no mount stays
 * behind. What was closed before is closed once more. Any thread.
 */
final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAll, "closing");

    Closing() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    /** That part is closed, and what it holds in memory may go. */
    synchronized void forget(AutoCloseable part) {
        parts.remove(part);
    }

    private synchronized void closeAll() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.err.println("not closed: " + e);
            }
        }
    }

    /** Nothing is left for the end. */
    @Override
    public synchronized void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the virtual machine ends already
        }
    }
}
