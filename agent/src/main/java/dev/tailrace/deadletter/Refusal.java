package dev.tailrace.deadletter;

import java.util.Objects;

/**
 * Why a target did not take a change.
 *
 * @param code stable, listed in docs/errors.md
 * @param message holds no value of a row
 * @param remedy may be empty
 */
public record Refusal(String code, String message, String remedy) {
    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }
}
