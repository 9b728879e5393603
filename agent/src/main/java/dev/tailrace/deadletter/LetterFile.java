package dev.tailrace.deadletter;

import dev.tailrace.journal.Directories;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite file below both sides of the log. Its content survives a power loss at every commit ({@code synchronous=FULL}
 * with a write-ahead log); another process may read and write it at the same time. Not made before it is needed. One
 * thread.
 */
final class LetterFile implements AutoCloseable {
    /** {@code PRAGMA user_version}: a file of a higher one is not touched. */
    private static final int FORM = 1;

    private static final String BEGIN = "BEGIN IMMEDIATE";
    private static final String COMMIT = "COMMIT";
    private static final int BUSY_MILLIS = 10_000;

    /** What is counted is counted by the file itself, so that nobody has to read 200,000 rows to know how many there are. */
    private static final List<String> TABLES = List.of(
            "CREATE TABLE lane (lane INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, refused TEXT NOT NULL,"
                    + " code TEXT, message TEXT, remedy TEXT, attempts INTEGER NOT NULL, frame INTEGER NOT NULL,"
                    + " first_micros INTEGER NOT NULL, last_micros INTEGER NOT NULL, next_micros INTEGER NOT NULL,"
                    + " token TEXT NOT NULL DEFAULT '', upto INTEGER NOT NULL DEFAULT 0)",
            "CREATE INDEX lane_next ON lane (state, next_micros)",
            "CREATE TABLE letter (number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE,"
                    + " lane INTEGER NOT NULL, source_table TEXT NOT NULL, operation TEXT NOT NULL, frame INTEGER NOT NULL,"
                    + " transaction_id TEXT NOT NULL, commit_micros INTEGER NOT NULL, event BLOB NOT NULL)",
            "CREATE INDEX letter_lane ON letter (lane, number)",
            "CREATE INDEX letter_frame ON letter (frame)",
            "CREATE TABLE parked (source_table TEXT NOT NULL, row_key TEXT NOT NULL, lane INTEGER NOT NULL,"
                    + " frame INTEGER NOT NULL, joined INTEGER NOT NULL, PRIMARY KEY (source_table, row_key)) WITHOUT ROWID",
            "CREATE INDEX parked_lane ON parked (lane)",
            "CREATE INDEX parked_joined ON parked (frame) WHERE joined = 1",
            "CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at_micros INTEGER NOT NULL, operator TEXT NOT NULL,"
                    + " action TEXT NOT NULL, event_id TEXT NOT NULL, reason TEXT NOT NULL, event BLOB)",
            "CREATE TABLE tally (what TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, name))"
                    + " WITHOUT ROWID",
            counted("parked", "parked", "source_table"),
            uncounted("parked", "parked", "source_table"),
            counted("letter", "letter", "source_table"),
            uncounted("letter", "letter", "source_table"),
            counted("lane", "lane", "state"),
            uncounted("lane", "lane", "state"),
            "CREATE TRIGGER lane_moved AFTER UPDATE OF state ON lane WHEN old.state <> new.state BEGIN "
                    + count("lane", "old.state", -1) + count("lane", "new.state", 1) + "END");

    private final Path path;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private @Nullable Connection connection;
    private long ownChanges;

    LetterFile(Path path) {
        this.path = path;
    }

    private static String counted(String table, String what, String name) {
        return "CREATE TRIGGER " + table + "_in AFTER INSERT ON " + table + " BEGIN " + count(what, "new." + name, 1)
                + "END";
    }

    private static String uncounted(String table, String what, String name) {
        return "CREATE TRIGGER " + table + "_out AFTER DELETE ON " + table + " BEGIN " + count(what, "old." + name, -1)
                + "END";
    }

    private static String count(String what, String name, int by) {
        return "INSERT INTO tally VALUES ('" + what + "', " + name + ", " + by
                + ") ON CONFLICT (what, name) DO UPDATE SET n = n + " + by + "; ";
    }

    Path path() {
        return path;
    }

    boolean exists() {
        return connection != null || Files.exists(path);
    }

    /** The open file, made when it is missing. Every statement outside of {@link #change} is its own transaction. */
    Connection open() throws DeadLetterException {
        Connection current = connection;
        if (current != null) {
            return current;
        }
        try {
            boolean fresh = create();
            Properties options = new Properties();
            options.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
            options.setProperty("journal_mode", "WAL");
            options.setProperty("synchronous", "FULL");
            Connection opened = DriverManager.getConnection("jdbc:sqlite:" + path, options);
            try {
                prepare(opened);
            } catch (SQLException | DeadLetterException | RuntimeException e) {
                opened.close();
                throw e;
            }
            if (fresh) {
                Directories.force(directory());
                Directories.force(Objects.requireNonNull(directory().getParent(), "a root"));
            }
            connection = opened;
            ownChanges++; // what SQLite counts begins anew with each connection
            return opened;
        } catch (SQLException | IOException e) {
            throw new DeadLetterException(path, e);
        }
    }

    /** Rows are in it: for its owner alone. SQLite gives the files beside it the same rights. */
    private boolean create() throws IOException {
        if (Files.exists(path)) {
            return false;
        }
        Path directory = directory();
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createDirectories(directory);
            Files.createFile(path);
        }
        return true;
    }

    private Path directory() {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file in no directory");
    }

    private void prepare(Connection opened) throws SQLException, DeadLetterException {
        try (Statement statement = opened.createStatement()) {
            statement.execute(BEGIN);
            int form;
            try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                form = row.getInt(1);
            }
            if (form > FORM) {
                throw new DeadLetterException(path + " was written by a newer release");
            }
            if (form == 0) {
                for (String sql : TABLES) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + FORM);
            }
            statement.execute(COMMIT);
        }
    }

    /** One change of the file. */
    @FunctionalInterface
    interface Change<T> {
        T make() throws DeadLetterException, SQLException;
    }

    /** Makes the change, whole and durable or not at all; nobody else writes meanwhile. */
    <T> T change(Change<T> change) throws DeadLetterException {
        boolean done = false;
        try {
            statement(BEGIN).execute();
            T result = change.make();
            statement(COMMIT).execute();
            done = true;
            return result;
        } catch (SQLException e) {
            throw new DeadLetterException(path, e);
        } finally {
            ownChanges++;
            if (!done) {
                rollBack();
            }
        }
    }

    /**
     * Tells whether somebody changed the file.
     *
     * @param others what other connections committed, as SQLite counts it
     * @param own our own changes
     */
    record Version(long others, long own) {}

    Version version() throws DeadLetterException, SQLException {
        long others = numbers("PRAGMA data_version").get(0);
        return new Version(others, ownChanges);
    }

    /** A statement of this thread's, with its parameters. Its result is read before the next call with the same text. */
    PreparedStatement statement(String sql, @Nullable Object... parameters) throws DeadLetterException, SQLException {
        Connection current = open();
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = current.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    int update(String sql, Object... parameters) throws DeadLetterException, SQLException {
        return statement(sql, parameters).executeUpdate();
    }

    /** The first column of every row. */
    List<Long> numbers(String sql, Object... parameters) throws DeadLetterException, SQLException {
        List<Long> numbers = new ArrayList<>();
        try (ResultSet rows = statement(sql, parameters).executeQuery()) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    /** Gives the failure after undoing what is not committed. */
    DeadLetterException failed(SQLException cause) {
        rollBack();
        return new DeadLetterException(path, cause);
    }

    private void rollBack() {
        Connection current = connection;
        if (current != null) {
            try (Statement statement = current.createStatement()) {
                statement.execute("ROLLBACK");
            } catch (SQLException e) {
                close(); // no transaction was open, or nobody knows: it is opened anew
            }
        }
    }

    @Override
    public void close() {
        statements.clear();
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                // What was committed is durable; nothing else is wanted of it.
                return;
            }
        }
    }
}
