package dev.tailrace.journal;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Opens Chronicle queues the one way that was tested. */
final class Queues {
    static final RollCycle ROLL = RollCycles.FAST_HOURLY;
    /**
     * What is mapped at a time, and with that resident, by the writer and by each reader that is elsewhere. A document may
     * take a quarter of it: {@link FrameOutput#CHUNK} and its header.
     */
    private static final int BLOCK = 20 << 20;

    static {
        // Read when Chronicle's first class loads: no telemetry, no advertisement, no disk monitor.
        setDefault("chronicle.analytics.disable");
        setDefault("chronicle.announcer.disable");
        setDefault("chronicle.disk.monitor.disable");
    }

    private Queues() {}

    private static void setDefault(String flag) {
        if (System.getProperty(flag) == null) {
            System.setProperty(flag, "true");
        }
    }

    static ChronicleQueue writable(Path directory, CycleClock clock) throws JournalException {
        ChronicleQueue queue = build(directory, clock, false);
        try {
            // Chronicle falls back to read-only without an error when it cannot map or lock files.
            queue.createAppender().close();
        } catch (RuntimeException e) {
            queue.close();
            throw new JournalException(
                    "JOURNAL-READ-ONLY",
                    "the journal in " + directory + " could only be opened for reading: " + e,
                    "start with the options of conf/jvm.options and check the directory's owner",
                    true,
                    e);
        }
        return queue;
    }

    static ChronicleQueue readOnly(Path directory) throws JournalException {
        return build(directory, new CycleClock(0), true);
    }

    private static ChronicleQueue build(Path directory, CycleClock clock, boolean readOnly) throws JournalException {
        try {
            return SingleChronicleQueueBuilder.binary(directory)
                    .rollCycle(ROLL)
                    .timeProvider(clock)
                    .blockSize(BLOCK)
                    .syncMode(SyncMode.NONE)
                    .timeoutMS(1000)
                    .checkInterrupts(false)
                    .readOnly(readOnly)
                    .build();
        } catch (RuntimeException | Error e) {
            throw new JournalException(
                    "JOURNAL-IO",
                    "the journal in " + directory + " cannot be opened: " + e,
                    "start with the options of conf/jvm.options; see the cause",
                    true,
                    e);
        }
    }
}
