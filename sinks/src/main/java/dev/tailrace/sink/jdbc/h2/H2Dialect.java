package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.config.Secret;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ConnectionSetup;
import dev.tailrace.sink.jdbc.DatabaseFile;
import dev.tailrace.sink.jdbc.DatabaseFile.Problem;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.JdbcSettings;
import dev.tailrace.sink.jdbc.OwnerRights;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.h2.api.ErrorCode;

/**
 * H2 2 in a file of this process. The process that opens the file first has it alone, unless the URL says {@code
 * AUTO_SERVER=TRUE}: then others connect to that process, and the sink may be such another itself.
 */
public final class H2Dialect implements Dialect {
    private static final String URL = "jdbc:h2:file:";
    private static final String IN_MEMORY = "jdbc:h2:mem:";
    private static final String SUFFIX = ".mv.db";
    private static final int NAME_LENGTH = 256;
    private static final String DEFAULT_USER = "sa";
    private static final Types TYPES = new Types(H2Types.TEXT, H2Types.KEY, "BIGINT", H2Types.INSTANT);

    @Override
    public List<String> urlPrefixes() {
        return List.of(URL);
    }

    @Override
    public String defaultTarget() {
        return "{schema}.{table}";
    }

    @Override
    public Connection connect(JdbcSettings settings) throws SQLException {
        DatabaseFile.exists(file(settings));
        return open(settings.url(), settings);
    }

    private static Path file(JdbcSettings settings) throws Problem {
        String path = settings.url().substring(URL.length()).replaceFirst(";.*$", "");
        if (path.isEmpty()) {
            throw new Problem(
                    "the url names no file of a database, as jdbc:h2:file:/path/file does", SqlErrors.DATABASE);
        }
        return Path.of(path.replaceFirst("^~", System.getProperty("user.home")) + SUFFIX);
    }

    private static Connection open(String url, JdbcSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user().orElse(DEFAULT_USER));
        properties.setProperty(
                "password", settings.password().map(Secret::reveal).orElse(""));
        if (!url.toUpperCase(Locale.ROOT).contains("DB_CLOSE_ON_EXIT") && !isServer(url)) {
            // The sink closes it. A hook of H2 would do so while the agent still drains; its server insists on the
            // hook.
            properties.setProperty("DB_CLOSE_ON_EXIT", "FALSE");
        }
        return ForcedCommits.on(ConnectionSetup.on(
                DriverManager.getConnection(url, properties), connection -> prepare(connection, settings)));
    }

    private static void prepare(Connection connection, JdbcSettings settings) throws SQLException {
        long millis = settings.statementTimeout().toMillis();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + millis);
            statement.execute("SET QUERY_TIMEOUT " + millis);
            if (!connection.isReadOnly()) {
                // A commit writes, in its own thread: an error of the disk, or an interrupt, is the commit's.
                statement.execute("SET WRITE_DELAY 0");
            }
        }
    }

    private static boolean isServer(String url) {
        return url.toUpperCase(Locale.ROOT).contains("AUTO_SERVER=TRUE");
    }

    @Override
    public Connection look(JdbcSettings settings) throws SQLException {
        if (!DatabaseFile.exists(file(settings))) {
            return open(IN_MEMORY, settings);
        }
        // H2's server does not open a file for reading alone; what follows only reads.
        String url = settings.url() + (isServer(settings.url()) ? "" : ";ACCESS_MODE_DATA=r");
        return ConnectionSetup.on(open(url, settings), H2Dialect::requireAdministrator);
    }

    private static void requireAdministrator(Connection connection) throws SQLException {
        if (!new H2Catalog(connection).isAdministrator()) {
            throw new SQLException(
                    "the sink's user is no administrator of the database", "90040", ErrorCode.ADMIN_RIGHTS_REQUIRED);
        }
    }

    @Override
    public boolean fits(String name) {
        return name.length() <= NAME_LENGTH;
    }

    @Override
    public Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException {
        return new H2Catalog(connection).describe(name);
    }

    @Override
    public Rights rights(Connection connection) {
        return new OwnerRights();
    }

    @Override
    public List<Misfit> misfits(Connection connection, TableSchema schema, Optional<TargetTable> table) {
        return H2Shape.misfits(this, schema, table);
    }

    @Override
    public CreatedType createdType(Connection connection, TableSchema schema, Column column) {
        return H2Types.of(schema, column);
    }

    @Override
    public boolean hasSchema(Connection connection, String schema) throws SQLException {
        return new H2Catalog(connection).hasSchema(schema);
    }

    @Override
    public Types types() {
        return TYPES;
    }

    @Override
    public String renameColumn(TargetName table, String from, String to) {
        return "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(from) + " RENAME TO " + quote(to);
    }

    @Override
    public Alterations alterations() {
        return new H2Alterations(this);
    }

    @Override
    public RowStatements statements(Connection connection) {
        return new H2Statements(this, connection);
    }

    @Override
    public SqlErrors.Rules errors() {
        return new H2Errors();
    }

    @Override
    public String literal(Column source, String declared, Object value) throws ValueException {
        return H2Literals.of(source, declared, value);
    }

    private record H2Alterations(Dialect dialect) implements Alterations {
        @Override
        public String retype(TargetName table, TargetColumn column, String type) {
            return alter(table, column.name(), "SET DATA TYPE " + type);
        }

        @Override
        public String addKey(TargetName table, List<String> columns) {
            return columns.stream()
                            .map(c -> alter(table, c, "SET NOT NULL") + "; ")
                            .collect(Collectors.joining())
                    + Alterations.super.addKey(table, columns);
        }
    }
}
