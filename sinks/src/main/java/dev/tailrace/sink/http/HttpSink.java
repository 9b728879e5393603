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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
    private final Failures failures;
    private @Nullable SinkContext context;
    private @Nullable HttpClient client;

    HttpSink(HttpSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
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
        for (Plan.Phase phase : Plan.of(batch, settings.connections())) {
            new Sending(opened, connected, phase).run();
        }
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

    /** One phase of a batch on its way. */
    private final class Sending {
        private final SinkContext opened;
        private final HttpClient connected;
        private final List<Lane> lanes = new ArrayList<>();
        private final Map<Integer, Exchange> running = new HashMap<>();
        private final BlockingQueue<Exchange> ended = new LinkedBlockingQueue<>();
        private @Nullable SinkException failure;

        Sending(SinkContext opened, HttpClient connected, Plan.Phase phase) {
            this.opened = opened;
            this.connected = connected;
            for (Deque<Plan.Change> changes : phase.lanes()) {
                lanes.add(new Lane(lanes.size(), changes, settings, opened.agent()));
            }
        }

        /** Returns when all was answered with 2xx; leaves nothing running when it throws. */
        void run() throws SinkException {
            try {
                for (Lane lane : lanes) {
                    startNext(lane);
                }
                while (!running.isEmpty()) {
                    finish(ended.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failures.interrupted();
            } finally {
                running.values().forEach(Exchange::cancel);
            }
            if (failure != null) {
                throw failure;
            }
        }

        /** After a failure nothing new is started; what is on its way may still be answered. */
        private void finish(Exchange exchange) {
            int number = exchange.request().lane();
            running.remove(number);
            opened.faults().hit("sink.http.after-response");
            Exchange.Answer answer = exchange.answer();
            if (answer == null || exchange.failure() != null) {
                exchange.cancel();
            }
            Throwable broken = exchange.failure();
            if (answer == null) {
                failure = Failures.worse(
                        failure, failures.ofBreak(broken == null ? new IllegalStateException("no answer") : broken));
            } else if (answer.status() == 413 && exchange.request().parts().size() > 1) {
                lanes.get(number).putBack(exchange.request().halves());
            } else if (answer.status() < 200 || answer.status() > 299) {
                failure = Failures.worse(failure, failures.ofAnswer(answer, exchange.request()));
            }
            if (failure == null) {
                startNext(lanes.get(number));
            }
        }

        private void startNext(Lane lane) {
            Request request = lane.next();
            if (request != null) {
                Exchange exchange = new Exchange(request);
                running.put(request.lane(), exchange);
                opened.faults().hit("sink.http.before-send");
                exchange.start(connected, prepared(request), settings.timeout(), ended);
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
