package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineLinks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of one engine's connections among its {@link EngineLinks}. Any thread. */
public final class EngineSockets extends SocketFactory {
    private final EngineLinks links;

    /** @param engine its name; the driver makes the factory from the text of a property */
    public EngineSockets(String engine) {
        links = EngineLinks.of(engine);
    }

    @Override
    public Socket createSocket() {
        return links.open();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
    }

    private Socket connected(InetSocketAddress to, @Nullable InetSocketAddress from) throws IOException {
        Socket socket = links.open();
        socket.bind(from);
        socket.connect(to);
        return socket;
    }
}
