package dev.tailrace.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that takes everything and counts the changes in it, by a word that each has once. */
final class Sponge implements AutoCloseable {
    private static final byte[] WORD = "\"specversion\"".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 1 << 16;
    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;
    private long requests;
    private long events;
    private long bytes;

    Sponge() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** @param bytes of all bodies */
    record Taken(long requests, long events, long bytes) {}

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** What came since the last call. */
    synchronized Taken taken() {
        Taken taken = new Taken(requests, events, bytes);
        requests = 0;
        events = 0;
        bytes = 0;
        return taken;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            long found = 0;
            int matched = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                size += read;
                for (int i = 0; i < read; i++) {
                    // Its first byte, a quotation mark, ends it too: a match that breaks off may begin anew there.
                    matched = buffer[i] == WORD[matched] ? matched + 1 : buffer[i] == WORD[0] ? 1 : 0;
                    if (matched == WORD.length) {
                        found++;
                        matched = 0;
                    }
                }
            }
            add(found, size);
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private synchronized void add(long found, long size) {
        requests++;
        events += found;
        bytes += size;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
