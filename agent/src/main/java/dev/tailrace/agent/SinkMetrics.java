package dev.tailrace.agent;

import dev.tailrace.admin.Metrics;
import dev.tailrace.event.TableId;
import dev.tailrace.pipeline.PipelineListener;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Counts what one pipeline tells. */
record SinkMetrics(Metrics metrics, String sink) implements PipelineListener {

    @Override
    public void applied(TableId table, int events, long lagMicros) {
        metrics.applied(sink, table, events, Duration.of(lagMicros, ChronoUnit.MICROS));
    }

    @Override
    public void retried() {
        metrics.retried(sink);
    }
}
