package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.config.Secret;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ConnectionSetup;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.InterruptibleSocketFactory;
import dev.tailrace.sink.jdbc.JdbcSettings;
import dev.tailrace.sink.jdbc.RowStatements;
import dev.tailrace.sink.jdbc.SqlErrors;
import dev.tailrace.sink.jdbc.TargetColumn;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import dev.tailrace.sink.jdbc.ValueText;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGProperty;

/** PostgreSQL 12 and newer. */
public final class PostgresDialect implements Dialect {
    private static final int NAME_BYTES = 63;
    /** How long after a statement's own time-out the client waits for an answer that no longer comes. */
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(10);

    private static final String INVALID_VALUE = "22023";
    private static final String UNKNOWN_SETTING = "42704";

    private static final Types TYPES = new Types("text", "text", "bigint", "timestamp with time zone");

    @Override
    public List<String> urlPrefixes() {
        return List.of("jdbc:postgresql:");
    }

    @Override
    public String defaultTarget() {
        return "{schema}.{table}";
    }

    @Override
    public Connection connect(JdbcSettings settings) throws SQLException {
        Properties properties = new Properties();
        settings.user().ifPresent(u -> PGProperty.USER.set(properties, u));
        settings.password().map(Secret::reveal).ifPresent(p -> PGProperty.PASSWORD.set(properties, p));
        PGProperty.APPLICATION_NAME.set(properties, "tailrace");
        int connectSeconds = seconds(settings.connectTimeout());
        PGProperty.CONNECT_TIMEOUT.set(properties, connectSeconds);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, connectSeconds);
        // Of the login. The driver's own login time-out would leave a thread behind.
        PGProperty.SOCKET_TIMEOUT.set(properties, connectSeconds);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SOCKET_FACTORY.set(properties, InterruptibleSocketFactory.class.getName());
        // A server's detail quotes rows; log lines must not.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        return ConnectionSetup.on(DriverManager.getConnection(settings.url(), properties), connection -> {
            prepareSession(connection, settings);
            long answer = settings.statementTimeout().plus(SOCKET_GRACE).toMillis();
            connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, answer));
        });
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(
                1, Math.min(Integer.MAX_VALUE / 1000, duration.plusMillis(999).toSeconds()));
    }

    private static void prepareSession(Connection connection, JdbcSettings settings) throws SQLException {
        Map<String, String> session = new LinkedHashMap<>();
        session.put("statement_timeout", settings.statementTimeout().toMillis() + "ms");
        session.put("standard_conforming_strings", "on");
        session.put("intervalstyle", "postgres");
        session.put("datestyle", "ISO, YMD");
        session.put("timezone", "UTC");
        session.put("xmloption", "content");
        // The driver keeps a COPY's notices for as long as the connection lives, and reads none while it sends rows.
        session.put("client_min_messages", "error");
        // The server drops the checkpoint row's lock soon after this client vanished.
        session.put("idle_in_transaction_session_timeout", "10min");
        session.put("tcp_keepalives_idle", "30");
        session.put("tcp_keepalives_interval", "10");
        session.put("tcp_keepalives_count", "3");
        // From pg_settings: a server that does not know one of them leaves it out.
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config(k.name, s.value, false)"
                + " FROM pg_catalog.pg_settings k JOIN unnest(?::text[], ?::text[]) AS s(name, value)"
                + " ON k.name = s.name")) {
            set.setArray(1, connection.createArrayOf("text", session.keySet().toArray()));
            set.setArray(2, connection.createArrayOf("text", session.values().toArray()));
            set.executeQuery().close();
        }
        noticeVanishedClient(connection);
    }

    /** Lets the server end a statement whose client is gone; not every operating system can. */
    private static void noticeVanishedClient(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET client_connection_check_interval = '5s'");
        } catch (SQLException e) {
            if (!INVALID_VALUE.equals(e.getSQLState()) && !UNKNOWN_SETTING.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    @Override
    public boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES;
    }

    @Override
    public Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException {
        return new PostgresCatalog(connection).describe(name);
    }

    @Override
    public Rights rights(Connection connection) {
        return new PostgresRights(this, connection);
    }

    @Override
    public CreatedType createdType(Connection connection, TableSchema schema, Column column) throws SQLException {
        return new PostgresTypes(connection).of(schema, column);
    }

    @Override
    public boolean hasSchema(Connection connection, String schema) throws SQLException {
        return new PostgresCatalog(connection).hasSchema(schema);
    }

    @Override
    public Types types() {
        return TYPES;
    }

    @Override
    public List<String> replaceKey(Connection connection, TargetTable table, List<String> columns) throws SQLException {
        String alter = "ALTER TABLE " + quote(table.name()) + " ";
        String add = "ADD PRIMARY KEY (" + quote(columns) + ")";
        return List.of(new PostgresCatalog(connection)
                .primaryKey(table.name())
                .map(name -> alter + "DROP CONSTRAINT " + quote(name) + ", " + add)
                .orElse(alter + add));
    }

    @Override
    public Alterations alterations() {
        return new PostgresAlterations(this);
    }

    @Override
    public RowStatements statements(Connection connection) {
        return new PostgresStatements(this, connection);
    }

    @Override
    public SqlErrors.Rules errors() {
        return new PostgresErrors();
    }

    @Override
    public void deferConstraints(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL DEFERRED");
        }
    }

    @Override
    public void checkConstraints(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
    }

    /** Without a cast: a default is converted as an insert is, and what is too long is an error. */
    @Override
    public String literal(Column source, String declared, Object value) {
        String text = ValueText.of(value, source.valueType(), source.elementType(), delimiter(declared));
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
    }

    private static char delimiter(String declared) {
        return declared.equals("box[]") ? ';' : ',';
    }

    private record PostgresAlterations(Dialect dialect) implements Alterations {
        @Override
        public String retype(TargetName table, TargetColumn column, String type) {
            return alter(table, column.name(), "TYPE " + type);
        }

        @Override
        public String convert(TargetName table, TargetColumn column, String type) {
            return alter(table, column.name(), "TYPE " + type + " USING " + dialect.quote(column.name()) + "::" + type);
        }
    }
}
