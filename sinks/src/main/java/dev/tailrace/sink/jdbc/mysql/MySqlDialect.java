package dev.tailrace.sink.jdbc.mysql;

import com.mysql.cj.conf.PropertyKey;
import dev.tailrace.config.Secret;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ConnectionSetup;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.JdbcSettings;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** MySQL 8.4 and newer, MariaDB 10.11 and newer, both through MySQL's driver. A schema is a database here. */
public final class MySqlDialect implements Dialect {
    private static final String MARIADB_URL = "jdbc:mariadb://";
    private static final String MYSQL_URL = "jdbc:mysql://";
    private static final int NAME_LENGTH = 64;
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(10);
    private static final Types TYPES = new Types("longtext", "varchar(255)", "bigint", "datetime(6)");

    /**
     * Strict: a value that does not fit is an error. Zero dates, which a source may hold, can be written, and a 0 in an
     * AUTO_INCREMENT column stays 0.
     */
    private static final String SQL_MODE =
            "STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";

    /** A transaction whose client vanished without a word keeps its locks no longer than this. */
    private static final int IDLE_SECONDS = 3600;

    private static final int IDLE_TRANSACTION_SECONDS = 600;

    private static final long SMALL_PACKET = 16L << 20;

    @Override
    public List<String> urlPrefixes() {
        return List.of(MYSQL_URL, MARIADB_URL);
    }

    @Override
    public String defaultTarget() {
        return "{table}";
    }

    @Override
    public Connection connect(JdbcSettings settings) throws SQLException {
        String url = settings.url();
        if (url.startsWith(MARIADB_URL)) {
            url = MYSQL_URL + url.substring(MARIADB_URL.length());
        }
        return ConnectionSetup.on(
                DriverManager.getConnection(url, properties(settings)),
                connection -> prepareSession(connection, settings));
    }

    /** Win over the URL's parameters. */
    private static Properties properties(JdbcSettings settings) {
        Properties properties = new Properties();
        settings.user().ifPresent(u -> set(properties, PropertyKey.USER, u));
        settings.password().map(Secret::reveal).ifPresent(p -> set(properties, PropertyKey.PASSWORD, p));
        set(properties, PropertyKey.connectTimeout, millis(settings.connectTimeout()));
        // Longer than the server's own limits, so that its answer comes first where it has one.
        set(
                properties,
                PropertyKey.socketTimeout,
                millis(settings.statementTimeout().plus(SOCKET_GRACE)));
        set(properties, PropertyKey.tcpKeepAlive, "true");
        set(properties, PropertyKey.socketFactory, InterruptibleMySqlSocketFactory.class.getName());
        set(properties, PropertyKey.characterEncoding, "UTF-8");
        // One that either server knows; columns compare by their own.
        set(properties, PropertyKey.connectionCollation, "utf8mb4_bin");
        // An update counts the rows it found, changed or not.
        set(properties, PropertyKey.useAffectedRows, "false");
        // One round trip for many updates. Inserts of many rows are one statement of our own.
        set(properties, PropertyKey.rewriteBatchedStatements, "true");
        set(properties, PropertyKey.allowMultiQueries, "false");
        // Parameters become text at the client: one statement for any number of rows, no handles kept at the server.
        set(properties, PropertyKey.useServerPrepStmts, "false");
        set(properties, PropertyKey.autoReconnect, "false");
        set(properties, PropertyKey.allowLoadLocalInfile, "false");
        set(properties, PropertyKey.allowUrlInLocalInfile, "false");
        set(properties, PropertyKey.continueBatchOnError, "false");
        set(properties, PropertyKey.connectionAttributes, "program_name:tailrace");
        return properties;
    }

    private static void set(Properties properties, PropertyKey key, String value) {
        properties.setProperty(key.getKeyName(), value);
    }

    private static String millis(Duration duration) {
        return Long.toString(Math.min(Integer.MAX_VALUE, duration.toMillis()));
    }

    private static void prepareSession(Connection connection, JdbcSettings settings) throws SQLException {
        long seconds = Math.max(1, settings.statementTimeout().plusMillis(999).toSeconds());
        StringBuilder set = new StringBuilder("SET SESSION sql_mode = '" + SQL_MODE + "', time_zone = '+00:00'"
                + ", foreign_key_checks = 1, unique_checks = 1, innodb_lock_wait_timeout = " + seconds
                + ", lock_wait_timeout = " + seconds + ", wait_timeout = " + IDLE_SECONDS);
        if (MySqlFlavor.of(connection) == MySqlFlavor.MARIADB) {
            set.append(", max_statement_time = ")
                    .append(seconds)
                    .append(", idle_write_transaction_timeout = ")
                    .append(IDLE_TRANSACTION_SECONDS);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(set.toString());
        }
        // No gap locks against the target's other users; rows are found by their key.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    @Override
    public String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public boolean fits(String name) {
        return name.codePointCount(0, name.length()) <= NAME_LENGTH;
    }

    @Override
    public Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException {
        return new MySqlCatalog(connection).describe(name);
    }

    @Override
    public Rights rights(Connection connection) throws SQLException {
        return new MySqlRights(this, connection);
    }

    @Override
    public List<Misfit> misfits(Connection connection, TableSchema schema, Optional<TargetTable> table)
            throws SQLException {
        return new MySqlShape(this, MySqlFlavor.of(connection)).misfits(schema, table);
    }

    @Override
    public List<Misfit> concerns(Connection connection) throws SQLException {
        List<Misfit> concerns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@max_allowed_packet")) {
            row.next();
            if (row.getLong(1) < SMALL_PACKET) {
                concerns.add(new Misfit(
                        "JDBC-ROW-SIZE",
                        "max_allowed_packet is " + row.getLong(1) + " bytes: a larger row will be rejected",
                        "SET GLOBAL max_allowed_packet = 67108864"));
            }
        }
        return concerns;
    }

    @Override
    public CreatedType createdType(Connection connection, TableSchema schema, Column column) throws SQLException {
        return new MySqlTypes(MySqlFlavor.of(connection), schema).of(column);
    }

    @Override
    public boolean hasSchema(Connection connection, String schema) throws SQLException {
        return new MySqlCatalog(connection).hasDatabase(schema);
    }

    @Override
    public Types types() {
        return TYPES;
    }

    @Override
    public String tableOptions(Connection connection) throws SQLException {
        return " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE "
                + MySqlFlavor.of(connection).exactCollation();
    }

    @Override
    public List<String> replaceKey(Connection connection, TargetTable table, List<String> columns) {
        // Tailrace's tables have a primary key and no other; another one is for its owner to change.
        return List.of("ALTER TABLE " + quote(table.name())
                + (table.uniqueKeys().isEmpty() ? " " : " DROP PRIMARY KEY, ") + "ADD PRIMARY KEY (" + quote(columns)
                + ")");
    }

    @Override
    public Alterations alterations() {
        return new MySqlAlterations(this);
    }

    @Override
    public RowStatements statements(Connection connection) throws SQLException {
        return new MySqlStatements(this, connection);
    }

    @Override
    public SqlErrors.Rules errors() {
        return new MySqlErrors();
    }

    @Override
    public String literal(Column source, String declared, Object value) throws ValueException {
        return MySqlLiterals.of(source, declared, value);
    }

    private record MySqlAlterations(Dialect dialect) implements Alterations {
        @Override
        public String retype(TargetName table, TargetColumn column, String type) {
            return modify(table, column, type + (column.notNull() ? " NOT NULL" : " NULL"));
        }

        @Override
        public String dropNotNull(TargetName table, TargetColumn column) {
            return modify(table, column, column.declared() + " NULL");
        }

        @Override
        public Optional<String> dropDefault(TargetName table, TargetColumn column) {
            // Without any default an insert that leaves the column out would be an error.
            return setDefault(table, column, "NULL");
        }

        @Override
        public String dropExpression(TargetName table, TargetColumn column) {
            return retype(table, column, column.declared());
        }

        @Override
        public String settable(TargetName table, TargetColumn column) {
            return retype(table, column, column.declared());
        }

        private String modify(TargetName table, TargetColumn column, String definition) {
            return "ALTER TABLE " + dialect.quote(table) + " MODIFY COLUMN " + dialect.quote(column.name()) + " "
                    + definition;
        }
    }
}
