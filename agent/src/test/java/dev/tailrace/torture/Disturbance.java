package dev.tailrace.torture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of trouble.
 *
 * @param name for people
 * @param weight how often it is drawn, beside those of the others
 * @param begin makes the trouble; false when there was nothing to disturb
 * @param heal ends it when its time is over, null when it has no duration; asked again while it says false
 * @param expected what lines of the agent's log may say meanwhile at WARN or ERROR: codes, or beginnings of messages
 */
record Disturbance(
        String name,
        int weight,
        Place place,
        Attempt begin,
        @Nullable Attempt heal,
        List<String> expected) {
    /** A step that may have nothing to do, or not be done yet: then it says false. */
    @FunctionalInterface
    interface Attempt {
        boolean run() throws Exception;
    }

    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Disturbance {
        expected = List.copyOf(expected);
    }

    /** Over as soon as it has begun. */
    static Disturbance moment(String name, int weight, Place place, Attempt begin, List<String> expected) {
        return new Disturbance(name, weight, place, begin, null, expected);
    }

    /** Lasts for a while. */
    static Disturbance lasting(String name, int weight, Place place, Step begin, Step heal, List<String> expected) {
        return new Disturbance(name, weight, place, done(begin), done(heal), expected);
    }

    private static Attempt done(Step step) {
        return () -> {
            step.run();
            return true;
        };
    }
}
