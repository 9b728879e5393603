package dev.tailrace.cli;

import org.jspecify.annotations.Nullable;

/** Why a verb could not do its work; printed by {@link Main} and turned into the exit code. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String code;
    private final String remedy;

    Failure(int exitCode, String code, String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.code = code;
        this.remedy = remedy;
    }

    int exitCode() {
        return exitCode;
    }

    String code() {
        return code;
    }

    String remedy() {
        return remedy;
    }
}
