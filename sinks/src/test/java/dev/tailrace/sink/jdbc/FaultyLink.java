package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.TargetPort.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP link to a server that can be cut at the moments that matter. */
final class FaultyLink implements AutoCloseable {
    private static final String POSTGRES_COMMITTED = "COMMIT\0";
    /** As MySQL's driver sends it; its server's answer does not say what was done. */
    private static final String MYSQL_COMMIT = "COMMIT";

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile Fault fault;
    private volatile boolean commits;

    FaultyLink(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** DOWN cuts everything now, LOST_ANSWER at the answer to a commit, PARTIAL at the second answer of any kind. */
    void script(Fault scripted) {
        answers.set(0);
        commits = false;
        fault = scripted;
        if (scripted == Fault.DOWN) {
            cut();
        }
    }

    void heal() {
        fault = null;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                if (fault == Fault.DOWN) {
                    cut();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                start(() -> pump(client, server, false));
                start(() -> pump(server, client, true));
            } catch (IOException e) {
                cut();
            }
        }
    }

    private void pump(Socket from, Socket to, boolean answer) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count = in.read(buffer);
            while (count >= 0) {
                if (!answer
                        && new String(buffer, 0, count, StandardCharsets.ISO_8859_1)
                                .toUpperCase(java.util.Locale.ROOT)
                                .contains(MYSQL_COMMIT)) {
                    commits = true;
                }
                if (answer && cutsAt(new String(buffer, 0, count, StandardCharsets.ISO_8859_1))) {
                    cut();
                    return;
                }
                out.write(buffer, 0, count);
                count = in.read(buffer);
            }
        } catch (IOException e) {
            // One side is gone: so is the other.
        }
        close(from);
        close(to);
    }

    private boolean cutsAt(String answer) {
        return fault == Fault.LOST_ANSWER && (commits || answer.contains(POSTGRES_COMMITTED))
                || fault == Fault.PARTIAL && answers.incrementAndGet() == 2;
    }

    /** Only what is open now: a sink notices the first socket that is closed, and may be connected anew before the last. */
    private void cut() {
        List.copyOf(sockets).forEach(this::close);
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty-link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
