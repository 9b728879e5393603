package dev.tailrace.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Rate of what arrives, over all of it and over what comes behind the first quarter, in which the virtual machine
 * compiles. The clock starts when the first batch has arrived, so that neither connecting nor the server's look for the
 * first change counts; only when everything comes in one batch it starts with the meter. One thread adds; any may wait.
 */
final class RateMeter {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** A busy machine takes a while to begin; a reader that began at the wrong place never does. */
    private static final int SILENCE_SECONDS = 120;

    private final long expected;
    private final CountDownLatch complete = new CountDownLatch(1);
    private final Mark made;
    private long count;
    private long leftOutNanos;
    private long leftOutCpuNanos;
    private long arrived = System.nanoTime();
    private Mark first = Mark.NONE;
    private Mark quarter = Mark.NONE;
    private Mark last = Mark.NONE;

    /** A moment: how many had arrived, when, and the processor time of this process until then. */
    private record Mark(long count, long nanos, long cpuNanos) {
        static final Mark NONE = new Mark(0, 0, 0);
    }

    RateMeter(long expected) {
        this.expected = expected;
        this.made = mark();
    }

    private Mark mark() {
        return new Mark(count, System.nanoTime() - leftOutNanos, SYSTEM.getProcessCpuTime() - leftOutCpuNanos);
    }

    /** What the anchor's rows took to be made counts neither as time nor as processor time. */
    synchronized void leaveOut(long nanos, long cpuNanos) {
        leftOutNanos += nanos;
        leftOutCpuNanos += cpuNanos;
    }

    synchronized void add(long events) {
        count += events;
        arrived = System.nanoTime();
        if (first == Mark.NONE) {
            first = mark();
        }
        if (quarter == Mark.NONE && count >= expected / 4) {
            quarter = mark();
        }
        if (last == Mark.NONE && count >= expected) {
            last = mark();
            complete.countDown();
        }
    }

    /** Whether all that is expected arrived within that time. */
    boolean await(long seconds) throws InterruptedException {
        return complete.await(seconds, TimeUnit.SECONDS);
    }

    /**
     * Returns when all that is expected has arrived.
     *
     * @param check run once a second; what it throws ends the wait
     * @throws IllegalStateException when nothing has arrived for {@link #SILENCE_SECONDS}
     */
    void awaitAll(Runnable check) throws InterruptedException {
        while (!await(1)) {
            check.run();
            checkSilence();
        }
    }

    private synchronized void checkSilence() {
        if (System.nanoTime() - arrived > TimeUnit.SECONDS.toNanos(SILENCE_SECONDS)) {
            throw new IllegalStateException("nothing has arrived for " + SILENCE_SECONDS + " seconds; " + count + " of "
                    + expected + " are here");
        }
    }

    /** {@code rate} and {@code warm} in events a second, {@code cpu} in microseconds an event, warm, {@code count}. */
    synchronized Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("rate", rate(first));
        figures.put("warm", rate(quarter));
        Mark from = beforeLast(quarter);
        figures.put("cpu", (last.cpuNanos - from.cpuNanos) / 1e3 / Math.max(1, last.count - from.count));
        figures.put("count", (double) count);
        return figures;
    }

    private double rate(Mark since) {
        Mark from = beforeLast(since);
        return (last.count - from.count) * 1e9 / Math.max(1, last.nanos - from.nanos);
    }

    private Mark beforeLast(Mark mark) {
        return mark.count == last.count ? made : mark;
    }
}
