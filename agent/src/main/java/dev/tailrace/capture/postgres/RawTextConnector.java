package dev.tailrace.capture.postgres;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;

/**
 * The engine's connector with {@link RawTextTask} as its task: the log's values reach {@link RawValues} as the server's own
 * texts.
 */
public final class RawTextConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return RawTextTask.class;
    }

    /**
     * Not done: the agent has tried the connection, and one that breaks in between would be told as a mistake in the
     * configuration, without its reason.
     */
    @Override
    protected void validateConnection(Map<String, ConfigValue> values, Configuration options) {
        // The checks before each start have made one.
    }

    /** The engine looks for its parts (queries, locks) by the very class of its own connector. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> tasks = super.taskConfigs(maxTasks);
        tasks.forEach(task -> task.put("connector.class", PostgresConnector.class.getName()));
        return tasks;
    }
}
