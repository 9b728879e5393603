package dev.tailrace.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A named instruction at which the agent is killed.
 *
 * @param failpoint the instruction's name
 * @param hit at which time of coming there, from 1
 */
record CrashWindow(String failpoint, int hit) {
    /** {@code -Dcrash.long=true}, as of {@code scripts/crash}. */
    static final boolean LONG = Boolean.getBoolean("crash.long");

    /** What makes an agent wait there. */
    String option() {
        return "-Dtailrace.failpoints=" + failpoint + "=hold@" + hit;
    }

    @Override
    public String toString() {
        return failpoint + "@" + hit;
    }

    /**
     * Several that one agent meets one after the other, each while it recovers from the one before.
     *
     * @param windows none for an agent that is not killed
     */
    record Chain(List<CrashWindow> windows) {
        Chain {
            windows = List.copyOf(windows);
        }

        static Chain of(CrashWindow... windows) {
            return new Chain(Arrays.asList(windows));
        }

        static Chain at(int hit, List<String> failpoints) {
            return new Chain(failpoints.stream()
                    .map(failpoint -> new CrashWindow(failpoint, hit))
                    .toList());
        }

        /** What a short form takes of it: the first of them and the last one; the long form takes all. */
        Chain shortened(int most) {
            if (LONG || windows.size() <= most) {
                return this;
            }
            List<CrashWindow> some = new ArrayList<>(windows.subList(0, most - 1));
            some.add(windows.get(windows.size() - 1));
            return new Chain(some);
        }

        /** In the long form also each window with an agent for itself: what goes wrong there has one cause. */
        List<Chain> taken() {
            Stream<Chain> alone = LONG && windows.size() > 1 ? windows.stream().map(Chain::of) : Stream.empty();
            return Stream.concat(Stream.of(this), alone).toList();
        }

        @Override
        public String toString() {
            return windows.stream().map(CrashWindow::toString).collect(Collectors.joining(", "));
        }
    }
}
