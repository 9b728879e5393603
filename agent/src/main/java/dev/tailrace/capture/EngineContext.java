package dev.tailrace.capture;

import dev.tailrace.journal.SourceOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the parts that the engine instantiates by class name need to know, found by the engine's name: there is no other
 * way to hand it to them.
 *
 * @param name unique among the engines of the process
 * @param source what the parts of one source need
 * @param offset where to read from: derived from the durable tail of the journal at every call (I1)
 * @param queue of its records
 */
public record EngineContext(String name, Object source, Supplier<Optional<SourceOffset>> offset, EngineQueue queue) {
    private static final Map<String, EngineContext> BY_NAME = new ConcurrentHashMap<>();

    /** @throws IllegalStateException when no engine of that name runs */
    public static EngineContext of(String name) {
        EngineContext context = BY_NAME.get(name);
        if (context == null) {
            throw new IllegalStateException("no engine named " + name);
        }
        return context;
    }

    /** Whether an engine of that name is ours: what we add to engines reaches every one of the process. */
    public static boolean isKnown(@Nullable String name) {
        return BY_NAME.containsKey(String.valueOf(name));
    }

    /** What the parts of one source need, of the engine of that name. */
    public static <T> T source(String name, Class<T> type) {
        return type.cast(of(name).source());
    }

    void register() {
        BY_NAME.put(name, this);
    }

    void unregister() {
        BY_NAME.remove(name);
    }
}
