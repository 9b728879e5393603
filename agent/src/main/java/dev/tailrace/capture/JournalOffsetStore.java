package dev.tailrace.capture;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tailrace.journal.SourceOffset;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    /** Beginning of the names of an offset's attributes that are none of the engine's business. */
    public static final String OWN = "tailrace.";

    private static final JsonMapper JSON = new JsonMapper();

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

    /** Attributes that only the capture itself understands are not handed to the engine. */
    private static String json(Map<String, Object> attributes) {
        Map<String, Object> known = new TreeMap<>(attributes);
        known.keySet().removeIf(name -> name.startsWith(OWN));
        return JSON.valueToTree(known).toString();
    }
}
