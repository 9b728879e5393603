package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.SnapshotTransaction;
import io.debezium.annotation.ConnectorSpecific;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.snapshot.spi.SnapshotQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Selects what the log would send: the server's own text of each value, so that a snapshot and the stream agree (I7). */
@ConnectorSpecific(connector = PostgresConnector.class)
public final class RawSnapshotQuery implements SnapshotQuery {
    static final String NAME = "tailrace";

    private Map<String, Map<String, String>> tables = Map.of();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        tables = EngineContext.source(String.valueOf(properties.get("name")), PostgresContext.class)
                .snapshotColumns();
    }

    @Override
    public Optional<String> snapshotQuery(String table, List<String> columns) {
        Map<String, String> expressions = tables.get(table);
        if (expressions == null) {
            throw new IllegalStateException("the engine takes a snapshot of " + table + ", which is not captured");
        }
        return Optional.of(columns.stream()
                .map(column -> expressions.getOrDefault(column, column + "::text AS " + column))
                .collect(Collectors.joining(", ", SnapshotTransaction.QUERY, " FROM " + table)));
    }
}
