package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A receiver and sinks that send to it, each for one write, at a fixed time. */
final class HttpRig implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    final Receiver receiver;

    HttpRig() {
        try {
            receiver = new Receiver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        receiver.close();
    }

    SinkFactory.Definition definition(Map<String, Object> more) {
        Map<String, Object> keys = new HashMap<>(Map.of("url", receiver.url()));
        keys.putAll(more);
        MapSettings settings = new MapSettings(keys);
        SinkFactory.Definition definition = new HttpSinkFactory(Clock.fixed(NOW, ZoneOffset.UTC)).configure(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unknown()).isEmpty();
        return definition;
    }

    private static SinkContext context() {
        return new SinkContext(
                "shop", "events", ChangeStream.JOURNAL, 1, "start-1", Path.of("/nowhere"), List.of(), FaultPoint.NONE);
    }

    WriteResult write(Map<String, Object> keys, Batch batch) throws SinkException {
        return write(definition(keys), batch);
    }

    /** With a sink of its own, as after each failure. */
    WriteResult write(SinkFactory.Definition definition, Batch batch) throws SinkException {
        try (Sink sink = definition.create()) {
            sink.open(context());
            return sink.write(batch);
        }
    }

    SinkException failing(Map<String, Object> keys, Batch batch) {
        return failing(definition(keys), batch);
    }

    SinkException failing(SinkFactory.Definition definition, Batch batch) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> write(definition, batch));
        assertThat(failure).as("the write succeeded").isNotNull();
        return failure;
    }

    static Batch oneChange() {
        return new ChangeStream()
                .insert(TestSchemas.ORDERS, 1L, 5, "a", "d", new BigDecimal("1.50"))
                .commit()
                .batch();
    }

    static ChangeStream inserts(int count) {
        ChangeStream stream = new ChangeStream();
        for (long i = 0; i < count; i++) {
            stream.insert(TestSchemas.ORDERS, i, 1, "note", "document", null);
        }
        stream.commit();
        return stream;
    }
}
