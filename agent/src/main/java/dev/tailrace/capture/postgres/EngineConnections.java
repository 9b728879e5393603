package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.SnapshotTransaction;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
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
 * enum that has none. And the rows of a snapshot are asked for in its transaction only, see {@link SnapshotTransaction}. The
 * server's sessions are noted among the {@link EngineLinks}.
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
        EngineLinks links = EngineLinks.of(config.getString(PGProperty.SOCKET_FACTORY_ARG.getName()));
        long session = connection.unwrap(PGConnection.class).getBackendPID();
        links.begun(session);
        return mended(connection, () -> links.ended(session));
    }

    /** The connection, with those queries as they are meant. */
    static Connection mended(Connection connection, Runnable onClose) {
        SnapshotTransaction transaction = new SnapshotTransaction("SET TRANSACTION ISOLATION LEVEL");
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                onClose.run(); // before it: another session may get the number then
            }
            Object result = call(connection, method, arguments, transaction);
            return result instanceof Statement statement && method.getName().equals("createStatement")
                    ? proxy(Statement.class, (of, query, texts) -> call(statement, query, texts, transaction))
                    : result;
        });
    }

    private static @Nullable Object call(
            Object target, Method method, @Nullable Object @Nullable [] arguments, SnapshotTransaction transaction)
            throws Throwable {
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            arguments[0] = sql.replace(ASKED, MEANT);
            if (!transaction.permits(sql)) {
                throw new SQLException(SnapshotTransaction.LOST, PSQLState.CONNECTION_FAILURE.getState());
            }
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(EngineConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
