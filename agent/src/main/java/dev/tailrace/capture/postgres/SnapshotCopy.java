package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineQueue;
import dev.tailrace.capture.SnapshotRows;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.relational.TableSchema;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads the rows of one table in the engine's snapshot: by COPY, over the connection and in the transaction in which the
 * engine would select them, past the engine, which makes several objects of each row and column. The text of COPY is that of
 * the log, the output function's of the type, so that a snapshot and the stream agree (I7).
 *
 * <p>Run by the engine's thread that takes the snapshot, which waits here for room in the queue.
 */
final class SnapshotCopy {
    private static final int CHUNK_ROWS = 512;
    private static final long CHUNK_BYTES = 256 << 10;

    /** What a value takes of the heap beside its text. */
    private static final long VALUE_BYTES = 40;

    private final TableId table;
    private final SourcePosition position;
    private final TableSchema shape;
    private final Schema image;
    private final PgTypes types;
    private final EngineQueue queue;

    private final CopyLine line = new CopyLine();
    private List<@Nullable Object[]> chunk = new ArrayList<>();
    private long chunkBytes;

    /**
     * @param position of the snapshot in the log
     * @param schema the engine's: with it rows have the very shape that the log's changes will have
     */
    SnapshotCopy(TableId table, SourcePosition position, PostgresSchema schema, PgTypes types, EngineQueue queue) {
        this.table = table;
        this.position = position;
        this.types = types;
        this.queue = queue;
        this.shape = schema.tableIds().stream()
                .filter(id -> id.schema().equals(table.schema()) && id.table().equals(table.table()))
                .findFirst()
                .map(schema::schemaFor)
                .orElseThrow(() -> new IllegalStateException("the engine has no schema of " + table));
        this.image = shape.getEnvelopeSchema().schema().field("after").schema();
    }

    /**
     * Puts all rows into the queue.
     *
     * @param select the query of the rows
     * @param columns of that query
     * @throws SQLException also when the engine ends meanwhile
     */
    void read(Connection connection, String select, ResultSetMetaData columns) throws SQLException {
        Column[] targets = new Column[columns.getColumnCount()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = Column.of(image.field(columns.getColumnName(i + 1)), types);
        }
        refuseMissing(targets);
        try (Statement statement = connection.createStatement()) {
            // it is one statement for the whole table, which a time-out for statements was not set for
            statement.execute("SET LOCAL statement_timeout = 0");
        }
        PGConnection server = connection.unwrap(PGConnection.class);
        CopyOut copy = server.getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT");
        try {
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                add(row, targets);
            }
            hand();
        } catch (InterruptedException e) {
            breakOff(server, copy);
            Thread.currentThread().interrupt();
            throw new SQLException("the snapshot was broken off", e);
        } catch (RuntimeException e) {
            breakOff(server, copy);
            throw e;
        }
    }

    /**
     * Leaves the connection so that it can be used: the engine ends its transaction, and what that comes to would be told in
     * place of the reason. Not by the driver's {@code cancelCopy}, which leaves the rest of the rows to be read by whoever
     * comes next.
     */
    private static void breakOff(PGConnection server, CopyOut copy) {
        try {
            server.cancelQuery();
            while (copy.readFromCopy() != null) {
                // what was on its way
            }
        } catch (SQLException e) {
            // it says that it was cancelled; or the connection is gone, and the engine notices
        }
    }

    /** A column of the query: where its value goes, null for one that the engine leaves out. */
    private record Column(@Nullable Field field, @Nullable PgType type) {
        static Column of(@Nullable Field field, PgTypes types) {
            return new Column(field, field == null ? null : PostgresReader.type(field, types));
        }
    }

    /** A column of the image that is not asked for would be null in all rows (I7). */
    private void refuseMissing(Column[] targets) {
        long asked = Stream.of(targets)
                .map(Column::field)
                .filter(Objects::nonNull)
                .distinct()
                .count();
        if (asked != image.fields().size()) {
            throw new IllegalStateException(
                    "the engine asks for " + asked + " of the " + image.fields().size() + " columns of " + table);
        }
    }

    private void add(byte[] row, Column[] columns) throws InterruptedException {
        line.begin(row);
        @Nullable Object[] values = new Object[image.fields().size()];
        for (Column column : columns) {
            Field field = column.field;
            PgType type = column.type;
            if (field == null || type == null) {
                line.skip();
            } else {
                values[field.index()] = value(field, type);
            }
        }
        chunk.add(values);
        chunkBytes += row.length + VALUE_BYTES * values.length;
        if (chunk.size() >= CHUNK_ROWS || chunkBytes >= CHUNK_BYTES) {
            hand();
        }
    }

    private @Nullable Object value(Field field, PgType type) {
        try {
            return RawValues.convert(type, line.next());
        } catch (IllegalArgumentException e) {
            throw UncarriedValueException.of(table.toString(), field.name(), type, e);
        }
    }

    private void hand() throws InterruptedException {
        if (chunk.isEmpty()) {
            return;
        }
        SnapshotRows rows = new SnapshotRows(table, position, chunk);
        queue.put(rows.toRecord(shape.keySchema(), shape.getEnvelopeSchema().schema()), true, chunkBytes);
        chunk = new ArrayList<>(chunk.size());
        chunkBytes = 0;
    }
}
