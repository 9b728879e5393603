package dev.tailrace.sink.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/**
 * Makes sockets whose blocking reads and writes end when their thread is interrupted: the channel closes and the
 * connection is broken. A plain socket ignores interrupts, and a stop would wait for the statement's time-out.
 *
 * <p>Public because the driver makes it by name.
 */
public final class InterruptibleSocketFactory extends SocketFactory {

    @Override
    public Socket createSocket() throws IOException {
        return SocketChannel.open().socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(host, port)).socket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(host, port)).socket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connect(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    private static Socket connect(InetSocketAddress remote, InetSocketAddress local) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.bind(local).connect(remote);
            return channel.socket();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
