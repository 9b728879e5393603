package dev.tailrace.capture.mysql;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.Query;
import com.mysql.cj.exceptions.CJCommunicationsException;
import com.mysql.cj.interceptors.QueryInterceptor;
import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.Resultset;
import com.mysql.cj.protocol.ServerSession;
import dev.tailrace.capture.SnapshotTransaction;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the driver from asking for a snapshot's rows outside of the snapshot's transaction, see {@link SnapshotTransaction}.
 * The driver makes one for each connection of the engine, by name.
 */
public final class SnapshotConnection implements QueryInterceptor {
    private final SnapshotTransaction transaction = new SnapshotTransaction("WITH CONSISTENT SNAPSHOT");

    @Override
    public QueryInterceptor init(MysqlConnection connection, Properties properties, Log log) {
        return this;
    }

    @Override
    public <T extends Resultset> @Nullable T preProcess(Supplier<String> sql, Query query) {
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
        // Holds nothing.
    }
}
