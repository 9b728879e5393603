package dev.tailrace.pipeline;

import dev.tailrace.config.DataSize;
import java.time.Duration;
import java.util.Objects;

/**
 * How one sink is served.
 *
 * @param name the sink's configured name, unique in the agent; letters, digits, {@code -} and {@code _}
 * @param type the sink's type
 * @param maxEvents a batch is closed when it holds as many changes; a single frame is never split
 * @param maxSize a batch is closed when its frames' size in the journal reaches it
 * @param widest by how much the first bound is multiplied at most, and the second by a quarter of that, while there is more
 *     to deliver than one batch; see {@link BatchReach}
 * @param firstRetry wait after the first error in a row; doubles from there, with equal jitter
 * @param longestRetry the cap of the wait
 * @param checkpointEvery how often the checkpoint of a sink that keeps none itself is stored; more is repeated after a
 *     crash when it is longer
 */
public record PipelineSettings(
        String name,
        String type,
        int maxEvents,
        DataSize maxSize,
        int widest,
        Duration firstRetry,
        Duration longestRetry,
        Duration checkpointEvery) {
    /** Of all sinks together. */
    private static final int WIDEST = 16;

    public PipelineSettings {
        Objects.requireNonNull(type, "type");
        if (!name.matches("[A-Za-z0-9_-]{1,63}")) {
            throw new IllegalArgumentException("a sink's name is 1 to 63 letters, digits, - and _: " + name);
        }
        if (maxEvents < 1 || maxSize.bytes() < 1 || widest < 1) {
            throw new IllegalArgumentException("a batch of sink " + name + " could hold nothing");
        }
    }

    /** The defaults: 5,000 changes or 4 MiB a batch, retries from 1 s to 60 s, checkpoints every 200 ms. */
    public static PipelineSettings of(String name, String type) {
        return new PipelineSettings(
                name,
                type,
                5_000,
                DataSize.ofMebibytes(4),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofMillis(200));
    }

    /**
     * The same for a sink that writes the net effect of a batch.
     *
     * @param sinks how many there are of those in the agent, which share what their batches take of the heap: 80,000 small
     *     changes, of which the next as many are read ahead, take about 120 MB
     */
    public PipelineSettings wideningFor(int sinks) {
        int most = Math.max(1, WIDEST / sinks);
        return new PipelineSettings(name, type, maxEvents, maxSize, most, firstRetry, longestRetry, checkpointEvery);
    }
}
