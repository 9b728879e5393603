package dev.tailrace.sink;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Makes sinks of one type. Found through {@link java.util.ServiceLoader}; has a public no-argument constructor.
 */
public interface SinkFactory {

    /** The word behind {@code type:} in the configuration: {@code jdbc}, {@code http}, {@code file}. */
    String type();

    /**
     * Reads the sink's own keys and reports every problem into the settings; unknown keys are reported by the caller
     * afterwards. Does no I/O and may return a definition that must not be used when problems were reported.
     */
    Definition configure(Settings settings);

    /** A configured sink. Immutable; makes a new instance for every (re)open and preflight. */
    interface Definition {

        Sink create();

        /** Whether the sink must be given whole transactions atomically, so that a rewind starts at a transaction. */
        default boolean transactional() {
            return false;
        }

        /** Whether it writes the net effect of a batch, so that a change costs less in a larger one. */
        default boolean combines() {
            return false;
        }

        /**
         * Looks at the target without changing it: reachable, rights, shape of existing tables.
         *
         * @return what an operator must mend, empty when the sink could start
         */
        List<Finding> preflight(SinkContext context);

        /** For operators; empty when the target has no shapes that anything depends on. */
        default Optional<SchemaDesk> schemaDesk(SinkContext context) {
            return Optional.empty();
        }
    }
}
