package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.relational.TableId;
import io.debezium.schema.SchemaTopicNamingStrategy;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TableTopicsTest {
    @Test
    void namesAreTheEnginesOwn() {
        Properties options = new Properties();
        options.setProperty("topic.prefix", "t");
        TableTopics topics = new TableTopics(options);
        SchemaTopicNamingStrategy own = new SchemaTopicNamingStrategy(options);
        for (String table : List.of("orders", "Straße", "a.b", "a_b", "with blank", "x".repeat(300))) {
            TableId id = new TableId("shop", "public", table);
            for (int i = 0; i < 2; i++) {
                assertThat(topics.dataChangeTopic(id)).isEqualTo(own.dataChangeTopic(id));
            }
        }
        assertThat(topics.transactionTopic()).isEqualTo(own.transactionTopic());
        assertThat(topics.heartbeatTopic()).isEqualTo(own.heartbeatTopic());
    }
}
