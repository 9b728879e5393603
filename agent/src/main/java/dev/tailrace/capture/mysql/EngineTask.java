package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.EngineQueue;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** The engine's task, which takes its records from our {@link EngineQueue}. */
public final class EngineTask extends MySqlConnectorTask {
    private @Nullable EngineQueue queue;

    @Override
    public ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(Configuration options) {
        queue = EngineContext.of(options.getString("name")).queue();
        return super.start(options);
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        EngineQueue records = queue;
        return records == null ? super.doPoll() : records.poll(getErrorHandler(), super::doPoll);
    }
}
