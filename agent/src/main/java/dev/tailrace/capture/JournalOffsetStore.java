package dev.tailrace.capture;

import dev.tailrace.journal.SourceOffset;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The engine's offset store, which stores nothing: what it answers is the durable tail of the journal, read anew at every
 * call. The engine confirms to the source only what it reads here, so it cannot confirm what is not fsynced (I1).
 */
public final class JournalOffsetStore implements OffsetBackingStore {
    private @Nullable EngineContext context;

    @Override
    public void configure(WorkerConfig config) {
        context = EngineContext.of(String.valueOf(config.originals().get("name")));
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        EngineContext engine = context;
        Optional<SourceOffset> offset =
                engine == null ? Optional.empty() : engine.offset().get();
        Map<ByteBuffer, ByteBuffer> values = new HashMap<>();
        if (offset.isPresent()) {
            byte[] json = json(offset.get().attributes()).getBytes(StandardCharsets.UTF_8);
            keys.forEach(key -> values.put(key, ByteBuffer.wrap(json)));
        }
        return CompletableFuture.completedFuture(values);
    }

    /** Succeeds without doing anything: the journal has been forced before the engine could know of an offset. */
    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    /** Only numbers are handed to the engine: all that it needs to resume at a commit are log positions and a time. */
    private static String json(Map<String, Object> attributes) {
        StringBuilder json = new StringBuilder("{");
        attributes.forEach((name, value) -> {
            if (value instanceof Long number) {
                json.append(json.length() == 1 ? "" : ",")
                        .append('"')
                        .append(name)
                        .append("\":")
                        .append(number);
            }
        });
        return json.append('}').toString();
    }
}
