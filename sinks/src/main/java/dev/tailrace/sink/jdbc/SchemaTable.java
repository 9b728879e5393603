package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.sink.SinkContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * This pipeline's rows in {@code tailrace_schema}: for each source table the newest shape that the target was made fit
 * for. They are written in the target transactions that move the checkpoint, so that both say the same after any crash.
 */
final class SchemaTable {
    static final String NAME = "tailrace_schema";

    private final Dialect dialect;
    private final Connection connection;
    private final TargetName name;
    private final SinkContext context;
    private final Set<String> present = new HashSet<>();

    SchemaTable(Dialect dialect, Connection connection, JdbcSettings settings, SinkContext context) {
        this.dialect = dialect;
        this.connection = connection;
        this.name = name(settings);
        this.context = context;
    }

    static TargetName name(JdbcSettings settings) {
        return new TargetName(settings.checkpointSchema(), NAME);
    }

    static String create(Dialect dialect, Connection connection, TargetName name) throws SQLException {
        Dialect.Types types = dialect.types();
        return "CREATE TABLE IF NOT EXISTS " + dialect.quote(name) + " (pipeline " + types.key() + " NOT NULL"
                + ", source_table " + types.key() + " NOT NULL, journal " + types.text() + " NOT NULL, version "
                + types.number() + " NOT NULL, shape " + types.text() + " NOT NULL, held " + types.text()
                + " NOT NULL, updated_at " + types.instant()
                + " NOT NULL, PRIMARY KEY (pipeline, source_table))" + dialect.tableOptions(connection);
    }

    /** Creates the table when it is missing. With auto-commit on. */
    void prepare() throws SQLException {
        if (dialect.describe(connection, name).isPresent()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(create(dialect, connection, name));
        } catch (SQLException e) {
            // Somebody else may have created it at the same moment.
            if (dialect.describe(connection, name).isEmpty()) {
                throw e;
            }
        }
    }

    /** Reads all that is known of this pipeline's tables. A hold that counts another journal's frames says nothing. */
    void load(AppliedShapes shapes, Holds holds) throws SQLException {
        present.clear();
        try (PreparedStatement select = connection.prepareStatement("SELECT source_table, journal, shape, held FROM "
                + dialect.quote(name) + " WHERE pipeline = ? ORDER BY source_table")) {
            select.setString(1, context.pipeline());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    present.add(row.getString(1));
                    AppliedShape shape = AppliedShape.fromJson(row.getString(2), row.getString(3));
                    shapes.put(shape);
                    String held = row.getString(4);
                    if (!held.isEmpty()) {
                        Hold hold = Hold.fromJson(shape.schema().table(), held);
                        if (hold.journal().equals(shapes.journal())) {
                            holds.put(hold);
                        }
                    }
                }
            }
        }
    }

    /** Writes what is said of a held table inside the open transaction; empty ends the hold. */
    void hold(TableId table, String held) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET held = ?, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND source_table = ?")) {
            update.setString(1, held);
            update.setString(2, context.pipeline());
            update.setString(3, table.toString());
            if (update.executeUpdate() != 1) {
                throw new SQLException("table " + name + " has no row of " + table);
            }
        }
    }

    /** Writes shapes inside the open transaction. */
    void store(Collection<AppliedShape> shapes) throws SQLException {
        List<AppliedShape> fresh = new ArrayList<>();
        List<AppliedShape> known = new ArrayList<>();
        for (AppliedShape shape : shapes) {
            (present.contains(key(shape)) ? known : fresh).add(shape);
        }
        write(
                "INSERT INTO " + dialect.quote(name) + " (journal, version, shape, pipeline, source_table, held,"
                        + " updated_at) VALUES (?, ?, ?, ?, ?, '', CURRENT_TIMESTAMP)",
                fresh);
        write(
                "UPDATE " + dialect.quote(name) + " SET journal = ?, version = ?, shape = ?,"
                        + " updated_at = CURRENT_TIMESTAMP WHERE pipeline = ? AND source_table = ?",
                known);
    }

    private void write(String sql, List<AppliedShape> shapes) throws SQLException {
        if (shapes.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (AppliedShape shape : shapes) {
                statement.setString(1, shape.journal());
                statement.setLong(2, shape.schema().version());
                statement.setString(3, shape.toJson());
                statement.setString(4, context.pipeline());
                statement.setString(5, key(shape));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Their rows are committed. */
    void stored(Collection<AppliedShape> shapes) {
        shapes.forEach(shape -> present.add(key(shape)));
    }

    private static String key(AppliedShape shape) {
        return shape.schema().table().toString();
    }
}
