package dev.tailrace.sink.jdbc;

import dev.tailrace.config.Secret;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL 12 and newer. */
final class PostgresDialect implements Dialect {
    private static final int NAME_BYTES = 63;
    /** How long after a statement's own time-out the client waits for an answer that no longer comes. */
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(10);

    private static final Types TYPES = new Types("text", "bigint", "timestamp with time zone", "text[]");

    @Override
    public Connection connect(JdbcSettings settings) throws SQLException {
        Properties properties = new Properties();
        settings.user().ifPresent(u -> PGProperty.USER.set(properties, u));
        settings.password().map(Secret::reveal).ifPresent(p -> PGProperty.PASSWORD.set(properties, p));
        PGProperty.APPLICATION_NAME.set(properties, "tailrace");
        int connectSeconds = seconds(settings.connectTimeout());
        PGProperty.CONNECT_TIMEOUT.set(properties, connectSeconds);
        PGProperty.LOGIN_TIMEOUT.set(properties, connectSeconds);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, connectSeconds);
        PGProperty.SOCKET_TIMEOUT.set(
                properties, seconds(settings.statementTimeout().plus(SOCKET_GRACE)));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SOCKET_FACTORY.set(properties, InterruptibleSocketFactory.class.getName());
        // A server's detail quotes rows; log lines must not.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        Connection connection = DriverManager.getConnection(settings.url(), properties);
        try {
            prepareSession(connection, settings);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
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
        // The server drops the checkpoint row's lock soon after this client vanished.
        session.put("idle_in_transaction_session_timeout", "10min");
        session.put("client_connection_check_interval", "5s");
        session.put("tcp_keepalives_idle", "30");
        session.put("tcp_keepalives_interval", "10");
        session.put("tcp_keepalives_count", "3");
        // From pg_settings: a server that does not know one of them leaves it out.
        try (PreparedStatement set = connection.prepareStatement(
                "SELECT set_config(name, ?, false) FROM pg_catalog.pg_settings WHERE name = ?")) {
            for (Map.Entry<String, String> setting : session.entrySet()) {
                set.setString(1, setting.getValue());
                set.setString(2, setting.getKey());
                set.executeQuery().close();
            }
        }
    }

    @Override
    public String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
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
    public boolean mayCreate(Connection connection, TargetName name) throws SQLException {
        return new PostgresCatalog(connection).mayCreate(name);
    }

    @Override
    public CreatedType createdType(Connection connection, TableSchema schema, Column column) throws SQLException {
        return new PostgresTypes(connection).of(schema.table().schema(), column);
    }

    @Override
    public void createSchema(Connection connection, String schema) throws SQLException {
        if (new PostgresCatalog(connection).hasSchema(schema)) {
            return;
        }
        try (Statement create = connection.createStatement()) {
            create.execute("CREATE SCHEMA IF NOT EXISTS " + quote(schema));
        }
    }

    @Override
    public Types types() {
        return TYPES;
    }

    @Override
    public RowStatements statements(Connection connection) {
        return new PostgresStatements(this, connection);
    }

    @Override
    public SqlErrors.Verdict judge(SQLException error) {
        return SqlErrors.judge(error);
    }

    @Override
    public String place(SQLException error) {
        ServerErrorMessage server = error instanceof PSQLException e ? e.getServerErrorMessage() : null;
        if (server == null) {
            return "";
        }
        StringBuilder place = new StringBuilder();
        append(place, "constraint", server.getConstraint());
        append(place, "table", server.getTable());
        append(place, "column", server.getColumn());
        return place.toString();
    }

    private static void append(StringBuilder place, String kind, @org.jspecify.annotations.Nullable String name) {
        if (name != null) {
            place.append(", ").append(kind).append(' ').append(name);
        }
    }

    @Override
    public void deferConstraints(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL DEFERRED");
        }
    }
}
