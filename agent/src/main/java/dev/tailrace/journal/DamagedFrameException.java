package dev.tailrace.journal;

import org.jspecify.annotations.Nullable;

/** A document that is not what was written: torn, overwritten or of an unknown format. */
final class DamagedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFrameException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
