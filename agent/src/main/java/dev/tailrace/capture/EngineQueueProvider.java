package dev.tailrace.capture;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the engine enqueues into the {@link EngineQueue} of its {@link EngineContext}, past the engine's own, which
 * stays empty: the engine's task takes from ours, see {@link EngineTasks}.
 *
 * <p>The engine finds it as a service and by its name in the options.
 */
public final class EngineQueueProvider implements QueueProvider<DataChangeEvent> {
    static final String NAME = "tailrace";

    private @Nullable EngineQueue queue;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> options) {
        queue = EngineContext.of(String.valueOf(options.get("name"))).queue();
    }

    @Override
    public void enqueue(DataChangeEvent event) throws InterruptedException {
        EngineQueue into = queue;
        if (into == null) {
            throw new IllegalStateException("the queue was not configured");
        }
        SourceRecord record = event.getRecord();
        into.put(record, EngineRecord.completes(record), EngineQueue.size(record));
    }

    @Override
    public @Nullable DataChangeEvent poll() {
        return null;
    }

    @Override
    public int size() {
        return 0;
    }
}
