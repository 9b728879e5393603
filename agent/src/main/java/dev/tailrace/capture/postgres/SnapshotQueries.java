package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineQueue;
import dev.tailrace.capture.SnapshotTransaction;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import io.debezium.connector.postgresql.PostgresSchema;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The queries with which one engine asks for the rows of a snapshot, and how they are answered: by {@link SnapshotCopy}. Any
 * thread.
 */
final class SnapshotQueries {
    private final PostgresSettings settings;
    private final String source;
    private final PgTypes types;
    private final Map<String, TableId> tables;
    private final Map<String, TableId> asked = new ConcurrentHashMap<>();
    private volatile @Nullable PostgresSchema schema;

    /**
     * @param source of all positions
     * @param tables that are captured, by each way in which the engine quotes their names
     */
    SnapshotQueries(PostgresSettings settings, String source, PgTypes types, Map<String, TableId> tables) {
        this.settings = settings;
        this.source = source;
        this.types = types;
        this.tables = Map.copyOf(tables);
    }

    /**
     * The query for all rows of a table.
     *
     * @param table quoted, as are the columns
     */
    String query(String table, List<String> columns) {
        TableId id = tables.get(table);
        if (id == null) {
            throw new IllegalStateException("the engine takes a snapshot of " + table + ", which is not captured");
        }
        String query = SnapshotTransaction.QUERY + String.join(", ", columns) + " FROM " + table;
        asked.put(query, id);
        return query;
    }

    /** The engine's shapes of its tables: there before its snapshot begins. */
    void knowShapes(PostgresSchema shapes) {
        schema = shapes;
    }

    /**
     * Puts the rows that the query asks for into the queue.
     *
     * @param query as {@link #query} made it
     * @param columns that it has
     */
    void answer(Connection connection, String query, ResultSetMetaData columns, EngineQueue queue) throws SQLException {
        TableId table = asked.get(query);
        PostgresSchema shapes = schema;
        if (table == null || shapes == null) {
            throw new IllegalStateException("the engine asks for rows in a way that is not known: " + query);
        }
        SourcePosition position = new SourcePosition(source, 0, PostgresLook.slotLsn(connection, settings));
        new SnapshotCopy(table, position, shapes, types, queue).read(connection, query, columns);
    }
}
