package dev.tailrace.capture;

import java.util.Optional;

/** Engines that tests make without a capture around them. */
public final class EngineContexts {
    private EngineContexts() {}

    /** For the parts that the engine makes by class name; they see no offset. */
    public static void register(String engine, Object source) {
        EngineQueue queue = new EngineQueue(new EngineQueue.Limits(16_384, 4_096, 64 << 20));
        new EngineContext(engine, source, Optional::empty, queue).register();
    }

    public static void unregister(String engine) {
        EngineContext.of(engine).unregister();
    }
}
