package dev.tailrace.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands before a server and, once, breaks the connection that has said one thing when it says another: between two
 * statements of a client, where no test could aim otherwise.
 */
public final class LinkCutter implements AutoCloseable {
    private final int target;
    private final String before;
    private final String at;
    private final Action action;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicBoolean cut = new AtomicBoolean();
    private volatile boolean spares;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "cutter");
        thread.setDaemon(true);
        return thread;
    });

    /** What happens while the connection is broken. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /**
     * @param before text in what the connection has sent; empty when the first thing counts
     * @param at text in what it says when it is broken, a character a byte
     */
    public LinkCutter(int target, String before, String at, Action action) throws IOException {
        this.target = target;
        this.before = before;
        this.at = at;
        this.action = action;
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on the connection is only held up while the action runs. */
    public LinkCutter spare() {
        spares = true;
        return this;
    }

    /** Whether it has happened. */
    public boolean hasCut() {
        Exception thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("while the connection was broken", thrown);
        }
        return cut.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                threads.execute(() -> requests(client, server));
                threads.execute(() -> answers(server, client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    failure.set(e);
                    return;
                }
            }
        }
    }

    private void requests(Socket client, Socket server) {
        byte[] buffer = new byte[1 << 16];
        boolean armed = before.isEmpty();
        try (client;
                server;
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream()) {
            for (int count; (count = in.read(buffer)) >= 0; ) {
                String said = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
                if (armed && said.contains(at) && cut.compareAndSet(false, true)) {
                    if (!spares) {
                        server.close();
                        action.run();
                        return;
                    }
                    action.run();
                }
                armed |= said.contains(before);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has gone; closing both tells the other.
        } catch (Exception e) {
            failure.set(e);
        }
    }

    private static void answers(Socket server, Socket client) {
        try (InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // The other thread closes both.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
