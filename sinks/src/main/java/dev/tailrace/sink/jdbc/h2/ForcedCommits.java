package dev.tailrace.sink.jdbc.h2;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose commit is on the disk when it returns. H2 writes a committed transaction to its file, but never
 * forces the file: that is {@code CHECKPOINT SYNC}.
 */
final class ForcedCommits implements InvocationHandler {
    private final Connection connection;

    private ForcedCommits(Connection connection) {
        this.connection = connection;
    }

    static Connection on(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                ForcedCommits.class.getClassLoader(), new Class<?>[] {Connection.class}, new ForcedCommits(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            Object result = method.invoke(connection, arguments);
            if (method.getName().equals("commit")) {
                force();
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void force() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }
}
