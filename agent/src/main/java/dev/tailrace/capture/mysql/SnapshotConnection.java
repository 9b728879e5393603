package dev.tailrace.capture.mysql;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.Query;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.exceptions.CJCommunicationsException;
import com.mysql.cj.interceptors.QueryInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.SnapshotTransaction;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the driver from asking for a snapshot's rows outside of the snapshot's transaction, see {@link SnapshotTransaction},
 * and knows the server's session by its number, see {@link EngineLinks}. The driver makes one for each connection of the
 * engine, by name.
 */
public final class SnapshotConnection implements QueryInterceptor {
    private final SnapshotTransaction transaction = new SnapshotTransaction("WITH CONSISTENT SNAPSHOT");
    private @Nullable MysqlConnection connection;
    private @Nullable EngineLinks links;
    private long session;

    @Override
    public QueryInterceptor init(MysqlConnection made, Properties properties, Log log) {
        connection = made;
        links = EngineSockets.links(properties.getProperty(PropertyKey.connectionAttributes.getKeyName()));
        return this;
    }

    @Override
    public <T extends Resultset> @Nullable T preProcess(Supplier<String> sql, Query query) {
        if (session == 0 && connection != null && links != null) {
            session = connection.getSession().getThreadId();
            links.begun(session);
        }
        String statement = sql.get();
        if (statement != null && !transaction.permits(statement)) {
            throw new CJCommunicationsException(SnapshotTransaction.LOST);
        }
        return null;
    }

    @Override
    public <T extends Resultset> @Nullable T postProcess(
            Supplier<String> sql, Query query, T result, ServerSession session) {
        return null;
    }

    @Override
    public boolean executeTopLevelOnly() {
        return false;
    }

    @Override
    public void destroy() {
        if (links != null) {
            links.ended(session);
        }
    }
}
