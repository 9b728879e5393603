package dev.tailrace.sink.jdbc.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;
import org.sqlite.ProgressHandler;

/**
 * Waits for whoever else writes to the file, no longer than a statement may take. SQLite's own waiting ignores
 * interrupts; this one ends with an interrupt, and so does a statement that reads through a large table.
 */
final class LockWait extends BusyHandler {
    private static final Duration STEP = Duration.ofMillis(5);
    /** Of SQLite's virtual machine, between two looks at the interrupt: some milliseconds. */
    private static final int INSTRUCTIONS = 100_000;

    private final long steps;

    private LockWait(Duration longest) {
        this.steps = longest.toMillis() / STEP.toMillis();
    }

    static void install(Connection connection, Duration longest) throws SQLException {
        setHandler(connection, new LockWait(longest));
        ProgressHandler.setHandler(connection, INSTRUCTIONS, new ProgressHandler() {
            @Override
            protected int progress() {
                return Thread.currentThread().isInterrupted() ? 1 : 0;
            }
        });
    }

    /** @return 0 to give up */
    @Override
    protected int callback(int waited) {
        if (waited >= steps) {
            return 0;
        }
        LockSupport.parkNanos(STEP.toNanos());
        return Thread.currentThread().isInterrupted() ? 0 : 1;
    }
}
