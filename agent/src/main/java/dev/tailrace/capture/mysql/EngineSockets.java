package dev.tailrace.capture.mysql;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.tailrace.capture.EngineLinks;
import java.net.Socket;

/**
 * Makes the sockets of an engine's JDBC connections among its {@link EngineLinks}. The driver makes one for each connection,
 * by name, and hands it no option that it does not know: the engine's name is the client's, which the server may show.
 */
public final class EngineSockets extends StandardSocketFactory {
    static final String NAME = "program_name:tailrace,engine:";

    @Override
    protected Socket createSocket(PropertySet options) {
        return links(options.getStringProperty(PropertyKey.connectionAttributes).getValue())
                .open();
    }

    /** @param attributes of a connection, as {@link MySqlOptions} sets them */
    static EngineLinks links(String attributes) {
        return EngineLinks.of(attributes.substring(NAME.length()));
    }
}
