package dev.tailrace.sink.jdbc.mysql;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.tailrace.sink.jdbc.InterruptibleSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;

/**
 * {@link InterruptibleSocketFactory} for MySQL's driver.
 *
 * <p>Public because the driver makes it by name.
 */
public final class InterruptibleMySqlSocketFactory extends StandardSocketFactory {

    @Override
    protected Socket createSocket(PropertySet properties) {
        try {
            return SocketChannel.open().socket();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
