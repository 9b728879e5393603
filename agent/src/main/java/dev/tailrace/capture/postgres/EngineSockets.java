package dev.tailrace.capture.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Makes the sockets of one engine's connections, so that they can be closed from outside: a thread that waits for a server
 * that is gone waits for ever, and an interrupt does not reach it. Any thread.
 */
public final class EngineSockets extends SocketFactory {
    private static final Map<String, Set<Socket>> OPEN = new ConcurrentHashMap<>();

    private final String engine;

    /** @param engine its name; the driver makes the factory from the text of a property */
    public EngineSockets(String engine) {
        this.engine = engine;
    }

    /** Closes every socket of that engine: whoever reads or writes there gets an exception. */
    static void cut(String engine) {
        for (Socket socket : OPEN.getOrDefault(engine, Set.of())) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is of no use any more either way
            }
        }
    }

    /** Forgets an engine that has ended. */
    static void forget(String engine) {
        OPEN.remove(engine);
    }

    private Socket tracked(Socket socket) {
        Set<Socket> sockets = OPEN.computeIfAbsent(engine, name -> ConcurrentHashMap.newKeySet());
        sockets.removeIf(Socket::isClosed);
        sockets.add(socket);
        return socket;
    }

    @Override
    public Socket createSocket() {
        return tracked(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return tracked(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return tracked(new Socket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return tracked(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return tracked(new Socket(address, port, localAddress, localPort));
    }
}
