package dev.tailrace.capture.postgres;

import io.debezium.schema.SchemaTopicNamingStrategy;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine's names of topics, kept for each table. The engine's own cache forgets the table that was used least recently,
 * and to know which one writes down every use: a fourteenth of its streaming thread's time. There are no more names than
 * captured tables, so nothing has to be forgotten.
 */
public final class TableTopics extends SchemaTopicNamingStrategy {
    private final Map<DataCollectionId, String> names = new ConcurrentHashMap<>();

    /** Called by the engine. */
    public TableTopics(Properties options) {
        super(options);
    }

    @Override
    public String dataChangeTopic(DataCollectionId table) {
        String known = names.get(table);
        return known != null ? known : names.computeIfAbsent(table, super::dataChangeTopic);
    }
}
