package dev.tailrace.sink.http;

import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Posts changes to one URL. At least once; a batch is durable when every one of its requests was answered with 2xx (I2).
 *
 * <p>The pipeline's thread starts requests and waits for them; the client's threads only move bytes. Parts of a big
 * transaction are sent as they come: HTTP has no transactions.
 */
final class HttpSink implements Sink {
    private final HttpSettings settings;
    private final Clock clock;
    private final ReceiverMemory memory;
    private final Failures failures;
    private @Nullable SinkContext context;
    private @Nullable HttpClient client;

    HttpSink(HttpSettings settings, Clock clock, ReceiverMemory memory) {
        this.settings = settings;
        this.clock = clock;
        this.memory = memory;
        this.failures = new Failures(settings, clock);
    }

    @Override
    public void open(SinkContext newContext) throws SinkException {
        context = newContext;
        client = Connections.client(settings);
    }

    @Override
    public WriteResult write(Batch batch) throws SinkException {
        SinkContext opened = context;
        HttpClient connected = client;
        if (opened == null || connected == null) {
            throw new IllegalStateException("write before open");
        }
        int before = memory.delivered().size();
        // What was taken of another batch says nothing of this one.
        boolean remainder = batch.eventCount() == 1
                || (before > 0
                        && batch.events().stream()
                                .anyMatch(e -> memory.delivered().contains(e.id())));
        for (Plan.Phase phase : Plan.of(batch, settings.connections(), memory.delivered())) {
            List<Lane> lanes = new ArrayList<>();
            for (Deque<Plan.Change> changes : phase.lanes()) {
                lanes.add(new Lane(lanes.size(), changes, settings, opened.agent()));
            }
            new Sending(
                            failures,
                            opened.faults(),
                            connected,
                            settings.timeout(),
                            this::prepared,
                            lanes,
                            memory,
                            before,
                            remainder)
                    .run();
        }
        memory.concurrency().passed();
        memory.delivered().clear();
        return WriteResult.DURABLE;
    }

    @Override
    public void close() {
        HttpClient connected = client;
        client = null;
        // From Java 21 on a client can be closed; before, it ends when it is collected.
        if (connected instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private HttpRequest prepared(Request request) {
        boolean single = settings.batchEvents() == 1;
        byte[] body = request.body(single);
        boolean compress = settings.gzip() && Request.worthCompressing(body);
        byte[] bytes = compress ? Request.compressed(body) : body;
        String id = request.id();
        HttpRequest.Builder builder = HttpRequest.newBuilder(settings.url());
        settings.headers().forEach((name, value) -> builder.setHeader(name, value.reveal()));
        builder.setHeader("Content-Type", settings.format().contentType(single))
                .setHeader("User-Agent", "tailrace")
                .setHeader("webhook-id", id)
                .setHeader("Idempotency-Key", "\"" + id + "\"")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        if (compress) {
            builder.setHeader("Content-Encoding", "gzip");
        }
        settings.bearerToken().ifPresent(token -> builder.setHeader("Authorization", "Bearer " + token.reveal()));
        settings.signer().ifPresent(signer -> {
            long now = clock.instant().getEpochSecond();
            builder.setHeader("webhook-timestamp", Long.toString(now));
            builder.setHeader("webhook-signature", signer.sign(id, now, bytes));
        });
        return builder.build();
    }
}
