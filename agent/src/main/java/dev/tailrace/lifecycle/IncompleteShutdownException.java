package dev.tailrace.lifecycle;

/** Something did not stop cleanly or in time; each of them is a suppressed exception. */
public final class IncompleteShutdownException extends Exception {
    private static final long serialVersionUID = 1L;

    IncompleteShutdownException(String message) {
        super(message);
    }
}
