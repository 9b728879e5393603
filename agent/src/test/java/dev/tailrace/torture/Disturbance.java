package dev.tailrace.torture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of trouble.
 *
 * @param name for people
 * @param weight how often it is drawn, beside those of the others
 * @param begin makes the trouble; false when there was nothing to disturb
 * @param heal ends it, null when it has no duration
 * @param expected what lines of the agent's log may say meanwhile at WARN or ERROR: codes, or beginnings of messages
 */
record Disturbance(
        String name,
        int weight,
        Place place,
        Begin begin,
        @Nullable Heal heal,
        List<String> expected) {
    @FunctionalInterface
    interface Begin {
        boolean run() throws Exception;
    }

    @FunctionalInterface
    interface Heal {
        void run() throws Exception;
    }

    Disturbance {
        expected = List.copyOf(expected);
    }

    /** Over as soon as it has begun. */
    static Disturbance moment(String name, int weight, Place place, Begin begin, List<String> expected) {
        return new Disturbance(name, weight, place, begin, null, expected);
    }

    /** Lasts for a while. */
    static Disturbance lasting(String name, int weight, Place place, Heal begin, Heal heal, List<String> expected) {
        return new Disturbance(
                name,
                weight,
                place,
                () -> {
                    begin.run();
                    return true;
                },
                heal,
                expected);
    }
}
