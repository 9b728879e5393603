package dev.tailrace.sink.jdbc.sqlite;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.ConnectionSetup;
import dev.tailrace.sink.jdbc.DatabaseFile;
import dev.tailrace.sink.jdbc.DatabaseFile.Problem;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.JdbcSettings;
import dev.tailrace.sink.jdbc.OwnerRights;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * SQLite 3 in a file, by the library that the driver brings. One writer at a time: a transaction takes the file's lock
 * with its first statement, which moves the checkpoint, and others may read meanwhile (WAL).
 */
public final class SqliteDialect implements Dialect {
    private static final String URL = "jdbc:sqlite:";
    private static final String IN_MEMORY = "jdbc:sqlite::memory:";
    private static final Types TYPES = new Types("text", "text", "integer", "text");
    private static final Verdict NO_LIBRARY = new Verdict(
            Disposition.HALT,
            "JDBC-DRIVER",
            "let the temporary directory hold programs (no noexec), or name another one:"
                    + " TAILRACE_JAVA_OPTS=-Dorg.sqlite.tmpdir=DIRECTORY");

    @Override
    public List<String> urlPrefixes() {
        return List.of(URL);
    }

    @Override
    public String defaultTarget() {
        return "{table}";
    }

    @Override
    public Connection connect(JdbcSettings settings) throws SQLException {
        DatabaseFile.exists(file(settings));
        return ConnectionSetup.on(open(settings.url(), new Properties()), connection -> prepare(connection, settings));
    }

    private static Path file(JdbcSettings settings) throws Problem {
        String path = settings.url().substring(URL.length()).replaceFirst("\\?.*$", "");
        // Of the driver: URIs, resources, and databases in memory, which keep no checkpoint.
        if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:")) {
            throw new Problem(
                    "the url names no file of a database, as jdbc:sqlite:/path/file.db does", SqlErrors.DATABASE);
        }
        return Path.of(path);
    }

    private static Connection open(String url, Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof NativeLibraryNotFoundException || cause instanceof UnsatisfiedLinkError) {
                    throw new Problem("SQLite's library cannot be loaded: " + cause.getMessage(), NO_LIBRARY);
                }
            }
            throw e;
        }
    }

    /** Wins over the URL's parameters. */
    private static void prepare(Connection connection, JdbcSettings settings) throws SQLException {
        LockWait.install(connection, settings.statementTimeout());
        try (Statement statement = connection.createStatement()) {
            try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                mode.next();
                if (!mode.getString(1).equalsIgnoreCase("wal")) {
                    throw new Problem(
                            "the database cannot have a write-ahead log: its journal mode stays " + mode.getString(1),
                            SqlErrors.DATABASE);
                }
            }
            // A commit is on the disk when it returns.
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA ignore_check_constraints = OFF");
        }
    }

    @Override
    public Connection look(JdbcSettings settings) throws SQLException {
        if (!DatabaseFile.exists(file(settings))) {
            return open(IN_MEMORY, new Properties());
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return ConnectionSetup.on(open(settings.url(), config.toProperties()), connection -> {
            LockWait.install(connection, settings.statementTimeout());
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT count(*) FROM sqlite_schema");
            }
        });
    }

    @Override
    public boolean definesInside() {
        return true;
    }

    /** Not in double quotes: where no column has that name, SQLite takes them for a text. */
    @Override
    public String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public boolean fits(String name) {
        return true;
    }

    @Override
    public Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException {
        return new SqliteCatalog(connection).describe(name);
    }

    @Override
    public Rights rights(Connection connection) {
        return new OwnerRights();
    }

    @Override
    public List<Misfit> misfits(Connection connection, TableSchema schema, Optional<TargetTable> table) {
        return SqliteShape.misfits(schema, table);
    }

    @Override
    public CreatedType createdType(Connection connection, TableSchema schema, Column column) {
        return SqliteTypes.of(column);
    }

    @Override
    public boolean hasSchema(Connection connection, String schema) throws SQLException {
        return new SqliteCatalog(connection).hasSchema(schema);
    }

    @Override
    public void createSchema(Connection connection, String schema) throws SQLException {
        throw new Problem(
                "SQLite has no schema " + schema + ": let the sink's target be {schema}_{table} or {table}",
                SqlErrors.DATABASE);
    }

    @Override
    public Types types() {
        return TYPES;
    }

    @Override
    public Alterations alterations() {
        return new SqliteAlterations(this);
    }

    @Override
    public RowStatements statements(Connection connection) {
        return new SqliteStatements(this, connection);
    }

    @Override
    public SqlErrors.Rules errors() {
        return new SqliteErrors();
    }

    @Override
    public void deferConstraints(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Until the end of this transaction.
            statement.execute("PRAGMA defer_foreign_keys = ON");
        }
    }

    /** SQLite changes no type of a column that is there. */
    static String anew(TargetName table, TargetColumn column, String type) {
        return "SQLite cannot change a column's type: make the table " + table + " anew with the column "
                + column.name() + " as " + type;
    }

    @Override
    public String literal(Column source, String declared, Object value) throws ValueException {
        return SqliteValues.literal(source, declared, value);
    }

    private record SqliteAlterations(Dialect dialect) implements Alterations {
        @Override
        public Optional<String> setDefault(TargetName table, TargetColumn column, String literal) {
            return Optional.empty();
        }

        @Override
        public Optional<String> dropDefault(TargetName table, TargetColumn column) {
            return Optional.empty();
        }

        @Override
        public String retype(TargetName table, TargetColumn column, String type) {
            return anew(table, column, type);
        }

        @Override
        public String addKey(TargetName table, List<String> columns) {
            String index = dialect.quote(table.table() + "_key");
            return "CREATE UNIQUE INDEX "
                    + table.schema().map(s -> dialect.quote(s) + ".").orElse("") + index + " ON "
                    + dialect.quote(table.table()) + " ("
                    + dialect.quote(columns) + ")";
        }

        @Override
        public String dropExpression(TargetName table, TargetColumn column) {
            return anew(table, column, column.declared() + ", not computed");
        }

        @Override
        public String settable(TargetName table, TargetColumn column) {
            return anew(table, column, column.declared());
        }
    }
}
