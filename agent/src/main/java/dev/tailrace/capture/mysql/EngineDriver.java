package dev.tailrace.capture.mysql;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The driver of the engine's connections: the server's own, whose every connection is a {@link SnapshotConnection} over
 * {@link EngineSockets}. The engine makes it by name. It takes classes away from the options that it hands to a driver, lest an
 * operator could have any run; so they are put in here.
 */
public final class EngineDriver extends NonRegisteringDriver {
    public EngineDriver() throws SQLException {}

    @Override
    public @Nullable Connection connect(String url, Properties options) throws SQLException {
        Properties guarded = new Properties();
        guarded.putAll(options);
        guarded.setProperty(PropertyKey.queryInterceptors.getKeyName(), SnapshotConnection.class.getName());
        guarded.setProperty(PropertyKey.socketFactory.getKeyName(), EngineSockets.class.getName());
        return super.connect(url, guarded);
    }
}
