package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * This pipeline's row in {@code tailrace_checkpoint}: how far the target is, and who may write. Every target transaction
 * updates it first; the row's lock, epoch and token keep every other holder out (I6).
 */
final class CheckpointTable {
    static final String NAME = "tailrace_checkpoint";
    /**
     * Of the start that holds the row, of the start that wrote the frame of {@code sequence}, and of the last changes that
     * were written out of their turn.
     */
    private static final List<String> TOKENS = List.of("epoch_token", "sequence_token", "redriven");

    private final Dialect dialect;
    private final Connection connection;
    private final TargetName name;
    private final SinkContext context;

    /** Whom the row belongs to now: ours after {@link #takeOver}, another journal's until the first write. */
    private String heldJournal = "";

    private long heldEpoch;
    private String heldToken = "";

    /** Of this row as {@link #takeOver} found it. */
    private String redriven = "";

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
                + " NOT NULL, " + String.join(", ", tokens(dialect, TOKENS)) + ")"
                + dialect.tableOptions(connection);
    }

    /** What a table lacks that was made before starts had tokens, as statements; empty when nothing. */
    static Optional<String> extend(Dialect dialect, TargetTable table) {
        // Unquoted here and in all statements, so that a database may spell them in its own way.
        List<String> missing = TOKENS.stream()
                .filter(column -> table.columns().keySet().stream().noneMatch(column::equalsIgnoreCase))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(tokens(dialect, missing).stream()
                        .map(column -> "ALTER TABLE " + dialect.quote(table.name()) + " ADD COLUMN " + column)
                        .collect(Collectors.joining("; ")));
    }

    private static List<String> tokens(Dialect dialect, List<String> columns) {
        return columns.stream()
                .map(column -> column + " " + dialect.types().key() + " NOT NULL DEFAULT ''")
                .toList();
    }

    /** Creates the table when it is missing, and columns that an older one lacks. With auto-commit on. */
    void prepare() throws SQLException, SinkException {
        Optional<TargetTable> found = dialect.describe(connection, name);
        if (found.isPresent()) {
            extend(found.get());
            return;
        }
        dialect.requireSchema(connection, name);
        try {
            execute(create(dialect, connection, name));
        } catch (SQLException e) {
            if (dialect.describe(connection, name).isEmpty()) {
                throw e;
            }
        }
    }

    private void extend(TargetTable table) throws SQLException, SinkException {
        Optional<String> extension = extend(dialect, table);
        if (extension.isEmpty()) {
            return;
        }
        try {
            for (String statement : extension.get().split("; ", -1)) {
                execute(statement);
            }
        } catch (SQLException e) {
            boolean byAnother = dialect.describe(connection, name)
                    .map(now -> extend(dialect, now).isEmpty())
                    .orElse(false);
            if (byAnother) {
                return;
            }
            if (SqlErrors.failure(dialect.errors(), e, "extending " + name, List.of())
                    .code()
                    .equals(SqlErrors.PERMISSION)) {
                throw SinkException.halt(
                        SqlErrors.PERMISSION,
                        "the sink's user may not add columns to " + name,
                        "run as its owner: " + extension.get(),
                        e);
            }
            throw e;
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Takes the row for this epoch, in a transaction of its own, and reads it. A row of another journal is left as it is:
     * whether to go on is the pipeline's decision, and the first write takes it over.
     */
    Optional<Checkpoint> takeOver() throws SQLException, SinkException {
        Optional<Checkpoint> found = Optional.empty();
        insertWhenMissing();
        lock();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT journal, epoch, epoch_token, sequence, sequence_token, position, redriven FROM "
                        + dialect.quote(name) + " WHERE pipeline = ?")) {
            select.setString(1, context.pipeline());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw fenced("its row was deleted");
                }
                heldJournal = row.getString(1);
                heldEpoch = row.getLong(2);
                heldToken = row.getString(3);
                redriven = row.getString(7);
                if (row.getLong(4) > 0) {
                    found = Optional.of(
                            new Checkpoint(heldJournal, row.getLong(4), row.getString(5), row.getString(6)));
                }
            }
        }
        if (heldJournal.equals(context.journal())) {
            refuseOther();
            hold();
        }
        connection.commit();
        return found;
    }

    /** I6: a later start takes over, and a start may come back; another one of the same epoch is of a copied journal. */
    private void refuseOther() throws SQLException, SinkException {
        String why = "";
        if (heldEpoch > context.epoch()) {
            why = "epoch " + heldEpoch + " is at work and ours is " + context.epoch();
        } else if (heldEpoch == context.epoch() && !heldToken.equals(context.token())) {
            why = "another start of the same epoch " + heldEpoch
                    + " is at work: two copies of one data directory were started";
        }
        if (!why.isEmpty()) {
            connection.rollback();
            throw fenced(why);
        }
    }

    private void insertWhenMissing() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + dialect.quote(name)
                + " (pipeline, journal, epoch, epoch_token, sequence, sequence_token, position, updated_at)"
                + " SELECT ?, ?, ?, ?, 0, '', '', CURRENT_TIMESTAMP"
                + " WHERE NOT EXISTS (SELECT 1 FROM " + dialect.quote(name) + " WHERE pipeline = ?)")) {
            insert.setString(1, context.pipeline());
            insert.setString(2, context.journal());
            insert.setLong(3, context.epoch());
            insert.setString(4, context.token());
            insert.setString(5, context.pipeline());
            insert.executeUpdate();
        }
    }

    /** An update that changes nothing: not every database has SELECT ... FOR UPDATE. */
    private void lock() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + dialect.quote(name) + " SET epoch = epoch WHERE pipeline = ?")) {
            update.setString(1, context.pipeline());
            update.executeUpdate();
        }
    }

    private void hold() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET epoch = ?, epoch_token = ?, updated_at = CURRENT_TIMESTAMP WHERE pipeline = ?")) {
            update.setLong(1, context.epoch());
            update.setString(2, context.token());
            update.setString(3, context.pipeline());
            update.executeUpdate();
        }
        moved();
    }

    /** Moves the checkpoint inside the open transaction. */
    void move(Checkpoint checkpoint) throws SQLException, SinkException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET journal = ?, epoch = ?, epoch_token = ?, sequence = ?, sequence_token = ?, position = ?,"
                + " updated_at = CURRENT_TIMESTAMP"
                + " WHERE pipeline = ? AND journal = ? AND epoch = ? AND epoch_token = ?")) {
            update.setString(1, context.journal());
            update.setLong(2, context.epoch());
            update.setString(3, context.token());
            update.setLong(4, checkpoint.sequence());
            update.setString(5, checkpoint.token());
            update.setString(6, checkpoint.position());
            update.setString(7, context.pipeline());
            update.setString(8, heldJournal);
            update.setLong(9, heldEpoch);
            update.setString(10, heldToken);
            // I6
            if (update.executeUpdate() != 1) {
                throw fenced("another holder took it over");
            }
        }
    }

    /** Locks the row in the open transaction without moving the checkpoint, and refuses whoever is not its holder (I6). */
    void fence() throws SQLException, SinkException {
        fence("redriven = redriven", List.of());
    }

    /** Like {@link #fence}, and keeps what was written out of its turn. */
    void fence(String written) throws SQLException, SinkException {
        fence("redriven = ?", List.of(written));
    }

    private void fence(String change, List<String> parameters) throws SQLException, SinkException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + dialect.quote(name)
                + " SET updated_at = CURRENT_TIMESTAMP, " + change
                + " WHERE pipeline = ? AND journal = ? AND epoch = ? AND epoch_token = ?")) {
            int at = 0;
            for (String parameter : parameters) {
                update.setString(++at, parameter);
            }
            update.setString(++at, context.pipeline());
            update.setString(++at, heldJournal);
            update.setLong(++at, heldEpoch);
            update.setString(++at, heldToken);
            if (update.executeUpdate() != 1) {
                throw fenced("another holder took it over");
            }
        }
    }

    /** Names the last changes that were written out of their turn before {@link #takeOver}; empty when there were none. */
    String redriven() {
        return redriven;
    }

    /** The row is ours: after taking over, and where it was another journal's after the commit of the first write. */
    void moved() {
        heldJournal = context.journal();
        heldEpoch = context.epoch();
        heldToken = context.token();
    }

    private SinkException fenced(String why) {
        return SinkException.halt(
                SqlErrors.FENCED,
                "pipeline " + context.pipeline() + " at the target: " + why,
                "stop the other agent, or give this one another name; if there is none, run at the target: UPDATE "
                        + dialect.quote(name) + " SET epoch = 0 WHERE pipeline = '"
                        + context.pipeline().replace("'", "''") + "'",
                null);
    }
}
