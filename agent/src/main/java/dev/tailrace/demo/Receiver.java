package dev.tailrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * An HTTP target that remembers which ids it was sent, and in which order per key it first saw them. It can be told to
 * fail, to hold, to be slow, or to take a request and break the connection instead of answering. Any thread.
 */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    /** Guarded by this: what was received, by id, in the order first seen. */
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    /** Guarded by this: ids whose repetition said something else. */
    private final List<String> changed = new ArrayList<>();

    private volatile Mood mood = Mood.WELL;
    private volatile Dislike dislike = new Dislike("", 200);
    private long deliveries;
    private long requests;

    /**
     * How requests are answered.
     *
     * @param status other than 200: the body is not taken
     * @param delay before the answer
     * @param breaks takes the body, then closes the connection without an answer
     * @param gate held until it opens
     * @param headers of the answer
     * @param most changes in one request; with more the answer is 413
     */
    private record Mood(
            int status, Duration delay, boolean breaks, CountDownLatch gate, Map<String, String> headers, int most) {
        static final Mood WELL = new Mood(200, Duration.ZERO, false, Map.of(), Integer.MAX_VALUE);

        Mood(int status, Duration delay, boolean breaks, Map<String, String> headers, int most) {
            this(status, delay, breaks, new CountDownLatch(0), headers, most);
        }

        int answerTo(JsonNode body) {
            return status == 200 && body.size() > most && body.isArray() ? 413 : status;
        }
    }

    /** Requests with a change of a row with that key, which is text, are answered with that status, and not taken. */
    private record Dislike(String key, int status) {
        boolean isOf(JsonNode body) {
            if (status == 200) {
                return false;
            }
            for (JsonNode event : body.isArray() ? body : List.of(body)) {
                for (JsonNode value : event.path("data").path("key")) {
                    if (value.isTextual() && value.textValue().equals(key)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /**
     * One change.
     *
     * @param keys of the row that it changed
     * @param digest of what it said
     */
    private record Seen(List<String> keys, long digest) {}

    private Receiver(HttpServer server) {
        this.server = server;
    }

    /** Threads for a receiver; whoever starts them closes them. */
    public static WorkerPool workers(String name, int threads) {
        return new WorkerPool(
                name, threads, Integer.MAX_VALUE, (role, failure) -> System.err.println(role + ": " + failure));
    }

    /**
     * Listens on a free port of the loopback interface.
     *
     * @param executor runs the requests; per-key order is only put to the test when it runs several at once
     */
    public static Receiver start(Executor executor) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        Receiver receiver = new Receiver(server);
        server.createContext("/", receiver::handle);
        server.setExecutor(executor);
        server.start();
        return receiver;
    }

    /** Where to send to. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/changes";
    }

    /** From now on answers with that status and takes nothing. */
    public void fail(int status) {
        fail(status, Map.of());
    }

    /** The same with headers, {@code Retry-After} for example. */
    public void fail(int status, Map<String, String> headers) {
        change(new Mood(status, Duration.ZERO, false, headers, Integer.MAX_VALUE));
    }

    /** From now on answers requests with more changes with 413 and takes nothing of them. */
    public void limit(int changes) {
        change(new Mood(200, Duration.ZERO, false, Map.of(), changes));
    }

    /** From now on takes and answers after that time. */
    public void slow(Duration delay) {
        change(new Mood(200, delay, false, Map.of(), Integer.MAX_VALUE));
    }

    /** From now on takes the changes and breaks the connection: the sender cannot know. */
    public void breakOff() {
        change(new Mood(200, Duration.ZERO, true, Map.of(), Integer.MAX_VALUE));
    }

    /** From now on neither takes nor answers until the next order. */
    public void hold() {
        change(new Mood(200, Duration.ZERO, false, new CountDownLatch(1), Map.of(), Integer.MAX_VALUE));
    }

    /**
     * From now on, and whatever else it is told, takes no request with a change of a row that has that key.
     *
     * @param status of the answer, when the answer to others would be 200
     */
    public void refuse(String key, int status) {
        dislike = new Dislike(key, status);
    }

    /** Takes back what {@link #refuse} said. */
    public void refuseNothing() {
        dislike = new Dislike("", 200);
    }

    /** From now on takes and answers at once. */
    public void recover() {
        change(Mood.WELL);
    }

    private void change(Mood next) {
        Mood before = mood;
        mood = next;
        before.gate().countDown();
    }

    /** Changes received, duplicates included. */
    public synchronized long deliveries() {
        return deliveries;
    }

    /** Requests that were taken. */
    public synchronized long requests() {
        return requests;
    }

    /** The ids seen so far, in the order first seen. */
    public synchronized Set<String> ids() {
        return new java.util.LinkedHashSet<>(seen.keySet());
    }

    /** What each change said, by its id. */
    synchronized Map<String, Long> digests() {
        Map<String, Long> digests = new HashMap<>();
        seen.forEach((id, change) -> digests.put(id, change.digest()));
        return digests;
    }

    public synchronized boolean hasSeen(String id) {
        return seen.containsKey(id);
    }

    /**
     * Per-key order: an id first seen after a later one of its key is wrong; a repetition is not, unless it says something
     * else.
     *
     * @param rank place of an id in the source's commit order; negative when it has none (rows of a snapshot)
     * @return one line a violation
     */
    public synchronized List<String> violations(ToLongFunction<String> rank) {
        Map<String, Long> newest = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        changed.forEach(id -> wrong.add("said something else when it was repeated: " + id));
        seen.forEach((id, change) -> {
            long place = rank.applyAsLong(id);
            for (String key : change.keys()) {
                if (newest.merge(key, place, Math::max) > place) {
                    wrong.add("out of order: " + id + " came after a later change of the same key");
                }
            }
        });
        return wrong;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Mood now = mood;
            JsonNode body = LargeJson.MAPPER.readTree(exchange.getRequestBody());
            try {
                now.gate().await();
                if (!now.delay().isZero()) {
                    new CountDownLatch(1).await(now.delay().toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            int status = now.answerTo(body);
            Dislike disliked = dislike;
            if (status == 200 && disliked.isOf(body)) {
                status = disliked.status();
            }
            if (status == 200) {
                take(body);
            }
            if (!now.breaks()) {
                now.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    private synchronized void take(JsonNode body) throws IOException {
        requests++;
        Iterable<JsonNode> events = body.isArray() ? body : List.of(body);
        for (JsonNode event : events) {
            deliveries++;
            String id = event.path("id").asText();
            JsonNode change = event.path("data");
            Seen now = new Seen(keys(change), LargeJson.digest(change));
            Seen before = seen.putIfAbsent(id, now);
            if (before != null && before.digest() != now.digest()) {
                changed.add(id);
            }
        }
    }

    /** The row's key; the old and the new one when the change gave it another. None for a truncation. */
    private static List<String> keys(JsonNode change) {
        JsonNode key = change.path("key");
        if (!key.isObject()) {
            return List.of();
        }
        String table =
                change.path("schema").asText() + "." + change.path("table").asText() + " ";
        JsonNode before = change.path("before");
        StringBuilder old = new StringBuilder(table);
        StringBuilder now = new StringBuilder(table);
        for (Iterator<String> names = key.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            now.append(key.path(name)).append(' ');
            old.append(before.has(name) ? before.path(name) : key.path(name)).append(' ');
        }
        boolean changed = !old.toString().equals(now.toString());
        return changed ? List.of(old.toString(), now.toString()) : List.of(now.toString());
    }

    @Override
    public void close() {
        change(Mood.WELL);
        server.stop(0);
    }
}
