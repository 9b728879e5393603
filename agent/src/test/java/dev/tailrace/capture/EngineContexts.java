package dev.tailrace.capture;

import java.util.Optional;

/** Engines that tests make without a capture around them. */
public final class EngineContexts {
    private EngineContexts() {}

    /** For the parts that the engine makes by class name; they see no offset. */
    public static void register(String engine, Object source) {
        new EngineContext(engine, source, Optional::empty).register();
    }

    public static void unregister(String engine) {
        EngineContext.of(engine).unregister();
    }
}
