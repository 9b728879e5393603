package dev.tailrace.sink.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.event.EventId;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.JsonChanges;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TargetPort;
import dev.tailrace.view.SourceView;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of CloudEvents as a target: a consumer that drops what it has seen by the event's id. */
final class HttpTarget implements TargetPort {
    private static final String TOKEN = "t0ken-that-no-message-shows";
    private static final String QUERY = "query-that-no-message-shows";

    private final Receiver receiver = new Receiver();
    private final SinkFactory.Definition definition;
    private CountDownLatch held = new CountDownLatch(1);
    private CountDownLatch released = new CountDownLatch(1);

    HttpTarget(Map<String, Object> more) throws Exception {
        Map<String, Object> keys = new HashMap<>(Map.of(
                "url", receiver.url() + "?key=" + QUERY, "bearer-token", TOKEN, "timeout", "20s", "batch-events", 7));
        keys.putAll(more);
        MapSettings settings = new MapSettings(keys);
        definition = SourceView.configure(new HttpSinkFactory(), settings);
        if (!settings.problems().isEmpty()) {
            throw new AssertionError(settings.problems());
        }
    }

    @Override
    public SinkFactory.Definition definition() {
        return definition;
    }

    @Override
    public Contents contents() {
        Contents contents = new Contents();
        Set<EventId> seen = new HashSet<>();
        for (JsonNode event : receiver.changes()) {
            EventId id = new EventId(event.get("id").textValue());
            contents.ids().add(id);
            if (seen.add(id)) {
                JsonChanges.fold(contents, event.get("data"));
            }
        }
        return contents;
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void script(Fault fault) {
        held = new CountDownLatch(1);
        released = new CountDownLatch(1);
        CountDownLatch release = released;
        AtomicInteger left = new AtomicInteger(1);
        switch (fault) {
            case DOWN -> receiver.stop();
            // The exchange is closed without an answer.
            case LOST_ANSWER -> receiver.script((r, exchange, request) -> r.take(request));
            case PARTIAL ->
                receiver.script((r, exchange, request) -> {
                    if (left.getAndDecrement() > 0) {
                        r.take(request);
                    }
                    exchange.sendResponseHeaders(503, -1);
                });
            case HOLD ->
                receiver.script((r, exchange, request) -> {
                    held.countDown();
                    release.await();
                });
            case REJECT ->
                receiver.script((r, exchange, request) -> {
                    exchange.sendResponseHeaders(400, request.body().length);
                    exchange.getResponseBody().write(request.body());
                });
        }
    }

    @Override
    public void awaitHeld() throws Exception {
        if (!held.await(120, TimeUnit.SECONDS)) {
            throw new AssertionError("no request came");
        }
    }

    @Override
    public void heal() throws Exception {
        released.countDown();
        receiver.script(Receiver::accept);
        receiver.start();
    }

    @Override
    public List<String> secrets() {
        return List.of(TOKEN, QUERY);
    }

    @Override
    public void close() {
        released.countDown();
        receiver.close();
    }
}
