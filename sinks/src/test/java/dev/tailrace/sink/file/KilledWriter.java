package dev.tailrace.sink.file;

import dev.tailrace.sink.RandomHistory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The process that a test kills: delivers a history and waits for its end at the n-th time a point is reached. */
final class KilledWriter {
    static final long SEED = 4711;
    static final int TRANSACTIONS = 80;

    private KilledWriter() {}

    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[2]));
        FileSinkRecoveryTest.deliver(
                Path.of(arguments[0]),
                false,
                RandomHistory.of(SEED, TRANSACTIONS, true, true).frames(),
                Long.parseLong(arguments[3]),
                point -> {
                    if (point.equals(arguments[1]) && left.decrementAndGet() == 0) {
                        System.out.println("FAILPOINT " + point);
                        System.out.flush();
                        while (true) {
                            LockSupport.park();
                        }
                    }
                });
    }
}
