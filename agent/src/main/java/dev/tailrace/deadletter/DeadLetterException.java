package dev.tailrace.deadletter;

import java.nio.file.Path;

/** The file of dead letters cannot be read or written. Its message holds no value of a row. */
public final class DeadLetterException extends Exception {
    private static final long serialVersionUID = 1L;

    DeadLetterException(Path file, Throwable cause) {
        super(file + ": " + cause.getMessage(), cause);
    }

    DeadLetterException(String message) {
        super(message);
    }
}
