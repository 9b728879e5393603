package dev.tailrace.capture.mysql;

import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;

/**
 * The engine's connector with {@link EngineTask} as its task, and without its own try of the connection: the agent has made
 * one, and a connection that breaks in between would be told as a mistake in the configuration, without its reason.
 */
public final class EngineConnector extends MySqlConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return EngineTask.class;
    }

    @Override
    protected void validateConnection(Map<String, ConfigValue> values, Configuration options) {
        // The checks before each start have made one.
    }

    /** The engine looks for its parts (queries, locks) by the very class of its own connector. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return super.taskConfigs(maxTasks).stream()
                .map(task -> {
                    Map<String, String> named = new HashMap<>(task);
                    named.put("connector.class", MySqlConnector.class.getName());
                    return named;
                })
                .toList();
    }
}
