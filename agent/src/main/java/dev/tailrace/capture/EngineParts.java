package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.lifecycle.Worker;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What an engine for one source is made of.
 *
 * @param options of the engine
 * @param reader of its records
 * @param context for the parts that the engine makes by class name, found through {@link EngineContext#source}
 * @param watch makes what looks after the source while the engine streams, for what the engine does not notice; called
 *     about once a second by a thread of its own. It tells what it finds once: FATAL when the stream has holes, TRANSIENT
 *     when a new engine mends it
 * @param explain what a failure of the engine means that is no SQL error; empty when it is nothing special
 * @param hole whether what {@code explain} told is a place in the log that cannot be read, which a new snapshot passes over
 * @param cut breaks the engine's connections, so that a thread of it that waits for one gets an error
 * @param onEnd cleans up behind the engine
 */
public record EngineParts(
        Properties options,
        RecordReader reader,
        Object context,
        Function<Consumer<Finding>, Worker> watch,
        Function<Throwable, Optional<Finding>> explain,
        Predicate<Finding> hole,
        Runnable cut,
        Runnable onEnd) {}
