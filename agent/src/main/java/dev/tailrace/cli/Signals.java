package dev.tailrace.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks for an orderly stop, the second for haste. Handlers instead of shutdown
 * hooks, because the Java virtual machine does not tell a hook about a second signal.
 */
final class Signals {
    private static final int BASE = 128;

    private final AtomicInteger first = new AtomicInteger();

    /** From now on signals are ours. */
    void listen(Runnable onFirst, Runnable onSecond) {
        for (String name : List.of("TERM", "INT", "HUP")) {
            Signal.handle(new Signal(name), signal -> {
                if (first.compareAndSet(0, signal.getNumber())) {
                    onFirst.run();
                } else {
                    onSecond.run();
                }
            });
        }
    }

    /** 128 plus the number of the first signal; 0 when there was none. */
    int exitCode() {
        int number = first.get();
        return number == 0 ? 0 : BASE + number;
    }
}
