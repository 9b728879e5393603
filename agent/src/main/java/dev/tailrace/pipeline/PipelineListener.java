package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;

/** What a pipeline tells to metrics. Called on the pipeline's thread; returns at once and never throws. */
public interface PipelineListener {

    /**
     * Changes of one table have become durable at the target.
     *
     * @param lagMicros from the commit of the oldest of them to now, microseconds
     */
    default void applied(TableId table, int events, long lagMicros) {}

    /** An attempt failed and will be repeated. */
    default void retried() {}

    default void stateChanged(PipelineState from, PipelineState to) {}
}
