package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import io.debezium.annotation.ConnectorSpecific;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the engine its query for the rows of a table, which {@link EngineConnections} answers by a {@link SnapshotCopy}. */
@ConnectorSpecific(connector = PostgresConnector.class)
public final class RawSnapshotQuery implements SnapshotQuery {
    static final String NAME = "tailrace";

    private @Nullable SnapshotQueries queries;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        queries = EngineContext.source(String.valueOf(properties.get("name")), PostgresContext.class)
                .snapshot();
    }

    @Override
    public Optional<String> snapshotQuery(String table, List<String> columns) {
        SnapshotQueries known = queries;
        if (known == null) {
            throw new IllegalStateException("the query was not configured");
        }
        return Optional.of(known.query(table, columns));
    }
}
