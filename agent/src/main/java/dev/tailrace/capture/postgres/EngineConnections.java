package dev.tailrace.capture.postgres;

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

/**
 * Opens the engine's connections to the source. They differ from the driver's own in one query: the engine takes every type of
 * the category of enums for one that has labels, and does not start in a database with a domain over an enum, or with an enum
 * that has none.
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
        return mended(DRIVER.connect(config));
    }

    /** The connection, with that query as it is meant. */
    static Connection mended(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof Statement statement && method.getName().equals("createStatement")
                    ? proxy(Statement.class, (of, query, texts) -> call(statement, query, texts))
                    : result;
        });
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql && sql.contains(ASKED)) {
            arguments[0] = sql.replace(ASKED, MEANT);
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
