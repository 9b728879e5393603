package dev.tailrace.sink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A real HTTP server on the loopback that keeps what it takes and answers as its script says. */
final class Receiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> taken = new ArrayList<>();
    private final int port;
    private HttpServer server;
    private volatile Script script = Receiver::accept;

    /** A request as it came. */
    record Received(Headers headers, byte[] body) {
        String header(String name) {
            return headers.getFirst(name);
        }

        /** The changes in it, whether it holds one or many. */
        List<JsonNode> changes() {
            try {
                JsonNode root = JSON.readTree(
                        "gzip".equals(header("Content-Encoding"))
                                ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                                : body);
                List<JsonNode> changes = new ArrayList<>();
                if (root.isArray()) {
                    root.forEach(changes::add);
                } else {
                    changes.add(root);
                }
                return changes;
            } catch (IOException e) {
                throw new AssertionError("not JSON", e);
            }
        }
    }

    /** What the server does with one request. */
    @FunctionalInterface
    interface Script {
        void handle(Receiver receiver, HttpExchange exchange, Received request) throws Exception;
    }

    Receiver() throws IOException {
        server = listen(0);
        port = server.getAddress().getPort();
    }

    private HttpServer listen(int onPort) throws IOException {
        HttpServer fresh = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
        fresh.setExecutor(threads);
        fresh.createContext("/", this::handle);
        fresh.start();
        return fresh;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Received request = new Received(
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes());
            script.handle(this, exchange, request);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port + "/changes";
    }

    int port() {
        return port;
    }

    void script(Script next) {
        script = next;
    }

    /** Takes the request and answers 204. */
    static void accept(Receiver receiver, HttpExchange exchange, Received request) throws IOException {
        receiver.take(request);
        exchange.sendResponseHeaders(204, -1);
    }

    /** Answers with a status and takes nothing. */
    static Script status(int status) {
        return (receiver, exchange, request) -> exchange.sendResponseHeaders(status, -1);
    }

    void take(Received request) {
        synchronized (taken) {
            taken.add(request);
        }
    }

    List<Received> taken() {
        synchronized (taken) {
            return List.copyOf(taken);
        }
    }

    /** All changes in the order they were taken. */
    List<JsonNode> changes() {
        return taken().stream().flatMap(r -> r.changes().stream()).toList();
    }

    /** Refuses connections until {@link #start}. */
    void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    void start() throws IOException {
        if (server == null) {
            server = listen(port);
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }
}
