package dev.tailrace.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before a server and is the network between it and those who come through here: it can refuse, reset, delay, stand
 * still, and lose. One thread gives orders.
 */
public final class TcpProxy implements AutoCloseable {
    private final int targetPort;
    private final int port;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong carried = new AtomicLong();
    private volatile ServerSocket listener;
    private volatile Weather weather = Weather.FAIR;

    /**
     * What happens to bytes.
     *
     * @param delayMillis of each piece
     * @param pieceBytes the most that is taken at once
     * @param gate none goes on before it opens
     * @param loses connections that are or come now get nothing more, for ever
     */
    private record Weather(int delayMillis, int pieceBytes, CountDownLatch gate, boolean loses) {
        static final Weather FAIR = new Weather(0, 1 << 16, new CountDownLatch(0), false);
    }

    public TcpProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        accept(listener);
    }

    public int port() {
        return port;
    }

    /** Bytes that were handed on so far, both ways. */
    public long carried() {
        return carried.get();
    }

    /** The server is gone: connections break, new ones are refused. */
    public void down() throws IOException {
        listener.close();
        reset();
    }

    /** The server is back. */
    public void up() throws IOException {
        listener = listen(port);
        accept(listener);
    }

    /** Breaks every connection; new ones are taken. */
    public void reset() {
        links.forEach(Link::close);
    }

    /** From now on each piece of so many bytes arrives later. */
    public void slow(int delayMillis, int pieceBytes) {
        change(new Weather(delayMillis, pieceBytes, new CountDownLatch(0), false));
    }

    /** From now on nothing arrives, and nothing is lost: it goes on with the next order. */
    public void stall() {
        change(new Weather(0, 1 << 16, new CountDownLatch(1), false));
    }

    /** From now on everything is lost; who is connected meanwhile gets neither data nor an end, also later. */
    public void lose() {
        change(new Weather(0, 1 << 16, new CountDownLatch(0), true));
        links.forEach(link -> link.dead = true);
    }

    /** Who is connected gets nothing more, and what he is sent is not taken either; all is well for new connections. */
    public void freeze() {
        links.forEach(link -> link.gate = new CountDownLatch(1));
    }

    /** From now on all is well for new connections, and for those that were not lost. */
    public void clear() {
        change(Weather.FAIR);
    }

    private void change(Weather next) {
        Weather before = weather;
        weather = next;
        before.gate().countDown();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void accept(ServerSocket from) {
        threads.execute(() -> {
            while (!from.isClosed()) {
                try {
                    connect(from.accept(), from);
                } catch (IOException e) {
                    if (!from.isClosed()) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
        });
    }

    /** When the server does not listen, the client is reset. */
    private void connect(Socket client, ServerSocket through) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        } catch (IOException e) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        Link link = new Link(client, server, weather.loses());
        links.add(link);
        if (through.isClosed()) {
            link.close();
        }
        threads.execute(() -> link.pump(client, server));
        threads.execute(() -> link.pump(server, client));
    }

    /** One connection: its two halves. */
    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean dead;
        private volatile CountDownLatch gate = new CountDownLatch(0);

        Link(Socket client, Socket server, boolean dead) {
            this.client = client;
            this.server = server;
            this.dead = dead;
        }

        void pump(Socket from, Socket to) {
            boolean broken = false;
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] piece = new byte[1 << 16];
                int read = 0;
                while (read >= 0) {
                    read = in.read(piece, 0, weather.pieceBytes());
                    await(weather);
                    if (read > 0 && !dead) {
                        out.write(piece, 0, read);
                        carried.addAndGet(read);
                    }
                }
            } catch (IOException e) {
                broken = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            // The client of a dead connection is not told that its server has left.
            if (!dead || from == client) {
                end(broken);
            }
        }

        private void await(Weather now) throws InterruptedException {
            now.gate().await();
            gate.await();
            if (now.delayMillis() > 0) {
                new CountDownLatch(1).await(now.delayMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** By a reset, as a crash or a firewall does it. */
        void close() {
            end(true);
        }

        /** @param reset else what was sent before is still read */
        private void end(boolean reset) {
            links.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                } catch (IOException e) {
                    // it is closed already
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        clear();
        down();
        threads.shutdownNow();
    }
}
