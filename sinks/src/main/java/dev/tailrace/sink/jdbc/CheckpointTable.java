package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * This pipeline's row in {@code tailrace_checkpoint}: how far the target is, and who may write. Every target transaction
 * updates it first; the row's lock and epoch keep an earlier holder out (I6).
 */
final class CheckpointTable {
    static final String NAME = "tailrace_checkpoint";

    private final Dialect dialect;
    private final Connection connection;
    private final TargetName name;
    private final SinkContext context;

    /** Whom the row belongs to now: ours after {@link #takeOver}, another journal's until the first write. */
    private String heldJournal = "";

    private long heldEpoch;

    CheckpointTable(Dialect dialect, Connection connection, JdbcSettings settings, SinkContext context) {
        this.dialect = dialect;
        this.connection = connection;
        this.name = new TargetName(settings.checkpointSchema(), NAME);
        this.context = context;
    }

    static String create(Dialect dialect, Connection connection, TargetName name) throws SQLException {
        Dialect.Types types = dialect.types();
        return "CREATE TABLE IF NOT EXISTS " + dialect.quote(name) + " (pipeline " + types.key()
                + " NOT NULL PRIMARY KEY"
                + ", journal " + types.text() + " NOT NULL, epoch " + types.number() + " NOT NULL, sequence "
                + types.number() + " NOT NULL, position " + types.text() + " NOT NULL, updated_at " + types.instant()
                + " NOT NULL)" + dialect.tableOptions(connection);
    }

    /** Creates the table when it is missing. With auto-commit on. */
    void prepare() throws SQLException {
        if (dialect.describe(connection, name).isPresent()) {
            return;
        }
        if (name.schema().isPresent()) {
            dialect.createSchema(connection, name.schema().get());
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(create(dialect, connection, name));
        } catch (SQLException e) {
            if (dialect.describe(connection, name).isEmpty()) {
                throw e;
            }
        }
    }

    /**
     * Takes the row for this epoch, in a transaction of its own, and reads it. A row of another journal is left as it is:
     * whether to go on is the pipeline's decision, and the first write takes it over.
     */
    Optional<Checkpoint> takeOver() throws SQLException, SinkException {
        Optional<Checkpoint> found = Optional.empty();
        insertWhenMissing();
        try (PreparedStatement select = connection.prepareStatement("SELECT journal, epoch, sequence, position FROM "
                + dialect.quote(name) + " WHERE pipeline = ? FOR UPDATE")) {
            select.setString(1, context.pipeline());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw fenced("its row was deleted");
                }
                heldJournal = row.getString(1);
                heldEpoch = row.getLong(2);
                if (row.getLong(3) > 0) {
                    found = Optional.of(new Checkpoint(heldJournal, row.getLong(3), row.getString(4)));
                }
            }
        }
        if (heldJournal.equals(context.journal())) {
            if (heldEpoch > context.epoch()) {
                connection.rollback();
                throw fenced("epoch " + heldEpoch + " is at work and ours is " + context.epoch());
            }
            setEpoch();
        }
        connection.commit();
        return found;
    }

    private void insertWhenMissing() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + dialect.quote(name)
                + " (pipeline, journal, epoch, sequence, position, updated_at) SELECT ?, ?, ?, 0, '', CURRENT_TIMESTAMP"
                + " WHERE NOT EXISTS (SELECT 1 FROM " + dialect.quote(name) + " WHERE pipeline = ?)")) {
            insert.setString(1, context.pipeline());
            insert.setString(2, context.journal());
            insert.setLong(3, context.epoch());
            insert.setString(4, context.pipeline());
            insert.executeUpdate();
        }
    }

    private void setEpoch() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET epoch = ?, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?")) {
            update.setLong(1, context.epoch());
            update.setString(2, context.pipeline());
            update.executeUpdate();
        }
        heldEpoch = context.epoch();
    }

    /** Moves the checkpoint inside the open transaction. */
    void move(Checkpoint checkpoint) throws SQLException, SinkException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET journal = ?, epoch = ?, sequence = ?, position = ?, updated_at = CURRENT_TIMESTAMP"
                + " WHERE pipeline = ? AND journal = ? AND epoch = ?")) {
            update.setString(1, context.journal());
            update.setLong(2, context.epoch());
            update.setLong(3, checkpoint.sequence());
            update.setString(4, checkpoint.position());
            update.setString(5, context.pipeline());
            update.setString(6, heldJournal);
            update.setLong(7, heldEpoch);
            // I6
            if (update.executeUpdate() != 1) {
                throw fenced("another holder took it over");
            }
        }
    }

    /** After a rollback of the first write the row is still the other journal's; after its commit it is ours. */
    void moved() {
        heldJournal = context.journal();
        heldEpoch = context.epoch();
    }

    private SinkException fenced(String why) {
        return SinkException.halt(
                SqlErrors.FENCED,
                "pipeline " + context.pipeline() + " at the target: " + why,
                "stop the other agent, or give this one another name; if there is none, delete the pipeline's row from "
                        + name,
                null);
    }
}
