package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.SnapshotTransaction;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLState;

/**
 * Opens the engine's connections to the source. They differ from the driver's own in two queries. The engine takes every type
 * of the category of enums for one that has labels, and does not start in a database with a domain over an enum, or with an
 * enum that has none. And the rows of a snapshot are asked for in its transaction only, see {@link SnapshotTransaction}, and
 * read by {@link SnapshotCopy}: the engine gets to see none. The server's sessions are noted among the {@link EngineLinks}.
 */
public final class EngineConnections implements JdbcConnection.ConnectionFactory {
    private static final JdbcConnection.ConnectionFactory DRIVER = JdbcConnection.patternBasedFactory(
            "jdbc:postgresql://${" + JdbcConfiguration.HOSTNAME + "}:${" + JdbcConfiguration.PORT + "}/${"
                    + JdbcConfiguration.DATABASE + "}",
            Driver.class.getName(),
            EngineConnections.class.getClassLoader());

    static final String ASKED = "t.typcategory as category, e.values as enum_values";
    private static final String MEANT =
            "CASE WHEN e.values IS NULL AND t.typcategory = 'E' THEN 'U' ELSE t.typcategory END as category,"
                    + " e.values as enum_values";

    @Override
    public Connection connect(JdbcConfiguration config) throws SQLException {
        Connection connection = DRIVER.connect(config);
        String engine = config.getString(PGProperty.SOCKET_FACTORY_ARG.getName());
        EngineLinks links = EngineLinks.of(engine);
        long session = connection.unwrap(PGConnection.class).getBackendPID();
        links.begun(session);
        return mended(
                connection,
                (query, columns) -> EngineContext.source(engine, PostgresContext.class)
                        .snapshot()
                        .answer(
                                connection,
                                query,
                                columns,
                                EngineContext.of(engine).queue()),
                () -> links.ended(session));
    }

    /** Takes care of the rows that a query of a snapshot asks for. */
    interface Rows {
        void read(String query, ResultSetMetaData columns) throws SQLException;
    }

    /** The connection, with those queries as they are meant. */
    static Connection mended(Connection connection, Rows rows, Runnable onClose) {
        SnapshotTransaction transaction = new SnapshotTransaction("SET TRANSACTION ISOLATION LEVEL");
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                onClose.run(); // before it: another session may get the number then
            }
            Object result = call(connection, method, arguments, transaction, rows);
            return result instanceof Statement statement && method.getName().equals("createStatement")
                    ? proxy(Statement.class, (of, query, texts) -> call(statement, query, texts, transaction, rows))
                    : result;
        });
    }

    private static @Nullable Object call(
            Object target,
            Method method,
            @Nullable Object @Nullable [] arguments,
            SnapshotTransaction transaction,
            Rows rows)
            throws Throwable {
        String query = null;
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            arguments[0] = sql.replace(ASKED, MEANT);
            if (!transaction.permits(sql)) {
                throw new SQLException(SnapshotTransaction.LOST, PSQLState.CONNECTION_FAILURE.getState());
            }
            if (sql.startsWith(SnapshotTransaction.QUERY)) {
                query = sql;
                arguments[0] = sql + " LIMIT 0";
            }
        }
        try {
            Object result = method.invoke(target, arguments);
            if (query != null) {
                if (!(result instanceof ResultSet none)) {
                    throw new IllegalStateException(
                            "the engine asks for the rows of a snapshot by " + method.getName());
                }
                rows.read(query, none.getMetaData());
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(EngineConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
