package dev.tailrace.capture.postgres;

import dev.tailrace.lifecycle.Stopwatch;
import java.time.Duration;

/**
 * Tells whoever reads from our slot from one that is gone and whose connection is left, which the server would keep for as
 * long as it waits for a word from there. Its clock and ours do not matter: it is looked at again and again. One thread.
 */
final class SlotHolder {
    private final Duration patience;
    private String heard = "";
    private Stopwatch since = new Stopwatch();

    /** @param patience with one that the server does not hear from */
    SlotHolder(Duration patience) {
        this.patience = patience;
    }

    /** Whether the server has not heard from it in all the time that these looks have seen it. */
    boolean isGone(SourceState.Slot slot) {
        if (slot.heard().isEmpty() || !slot.heard().equals(heard)) {
            heard = slot.heard();
            since = new Stopwatch();
            return false;
        }
        return since.read().compareTo(patience) >= 0;
    }
}
