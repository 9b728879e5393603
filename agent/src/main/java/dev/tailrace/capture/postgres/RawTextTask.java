package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.EngineQueue;
import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The engine's task without the engine's readings of values. They go by a type's name, which a user's type may have too;
 * they lose the offset of a {@code timetz} and cannot read an infinite {@code interval} (I7). It takes its records from our
 * {@link EngineQueue}.
 */
public final class RawTextTask extends PostgresConnectorTask {

    private @Nullable EngineQueue queue;
    private @Nullable SnapshotQueries snapshot;

    /** Knows the columns' types as ever, and the values' not: what has no known type stays the text that the server sent. */
    private static final class Texts extends TypeRegistry {
        Texts(PostgresConnection connection) {
            super(connection);
        }

        /** Only the values of rows are asked for by schema and name; columns are by number. */
        @Override
        public PostgresType get(String schemaName, String typeName) {
            return PostgresType.UNKNOWN;
        }
    }

    /** What the engine's own method builds, with the other registry; the settings that it takes are protected. */
    private static final class Settings extends PostgresConnectorConfig {
        Settings(PostgresConnectorConfig config) {
            super(config.getConfig());
        }

        ReplicationConnection connection(
                PostgresConnectorConfig config, PostgresConnection connection, PostgresSchema schema)
                throws SQLException {
            return ReplicationConnection.builder(config)
                    .withSlot(slotName())
                    .withPublication(publicationName())
                    .withTableFilter(config.getTableFilters())
                    .withPublicationAutocreateMode(publicationAutocreateMode())
                    .withPlugin(plugin())
                    .dropSlotOnClose(dropSlotOnStop())
                    .createFailOverSlot(createFailOverSlot())
                    .streamParams(streamParams())
                    .statusUpdateInterval(statusUpdateInterval())
                    .withTypeRegistry(new Texts(connection))
                    .withSchema(schema)
                    .jdbcMetadataConnection(connection)
                    .build();
        }
    }

    /**
     * Fails, where the engine would say that it streams and start again by itself some time later, behind none of the checks
     * of a start (I9).
     */
    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration options) {
        EngineContext context = EngineContext.of(options.getString("name"));
        queue = context.queue();
        snapshot = EngineContext.source(context.name(), PostgresContext.class).snapshot();
        try {
            return super.start(new RememberedOptions(options));
        } catch (RetriableException e) {
            throw new ConnectException("the engine did not start", e);
        }
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        EngineQueue records = queue;
        return records == null ? super.doPoll() : records.poll(getErrorHandler(), super::doPoll);
    }

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection connection, PostgresSchema schema, PostgresConnectorConfig config) throws SQLException {
        SnapshotQueries queries = snapshot;
        if (queries != null) {
            queries.knowShapes(schema); // called before any snapshot begins: it makes the slot
        }
        return new Settings(config).connection(config, connection, schema);
    }
}
