package dev.tailrace.capture;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The options of the Debezium engine: which of them the operator may set, and what all others must be. */
final class EngineOptions {
    /** Options that an invariant rests on, or that have a setting of their own in the configuration. */
    private static final Set<String> REFUSED = Set.of(
            "name",
            "connector.class",
            "plugin.name",
            "slot.name",
            "slot.drop.on.stop",
            "slot.seek.to.known.offset.on.start",
            "slot.stream.params",
            "offset.mismatch.strategy",
            "topic.prefix",
            "topic.naming.strategy",
            "tasks.max",
            "publish.via.partition.root",
            "replica.identity.autoset.values",
            "provide.transaction.metadata",
            "transaction.metadata.factory",
            "tombstones.on.delete",
            "skipped.operations",
            "skip.messages.without.change",
            "include.unknown.datatypes",
            "unavailable.value.placeholder",
            "flush.lsn.source",
            "read.only",
            "schema.refresh.mode",
            "sourceinfo.struct.maker",
            "time.precision.mode",
            "decimal.handling.mode",
            "binary.handling.mode",
            "interval.handling.mode",
            "hstore.handling.mode",
            "money.fraction.digits",
            "field.name.adjustment.mode",
            "schema.name.adjustment.mode",
            "message.key.columns",
            "errors.max.retries",
            "errors.tolerance",
            "event.processing.failure.handling.mode",
            "event.converting.failure.handling.mode",
            "custom.metric.tags",
            "poll.interval.ms",
            "retriable.restart.connector.wait.ms",
            "post.processors",
            "converters",
            "transforms",
            "predicates",
            "executor.shutdown.timeout.ms");

    /** Beginnings of such options. */
    private static final List<String> REFUSED_FAMILIES = List.of(
            "database.",
            "table.",
            "schema.include",
            "schema.exclude",
            "column.",
            "publication.",
            "snapshot.",
            "incremental.snapshot.",
            "lsn.flush.",
            "offset.",
            "heartbeat.",
            "message.prefix.",
            "signal.",
            "notification.",
            "transforms.",
            "predicates.",
            "converters.",
            "record.processing.",
            "queue.provider.",
            "internal.",
            "driver.",
            "key.converter",
            "value.converter",
            "header.converter",
            "topic.",
            "task.",
            "schema.history.",
            "openlineage.",
            "tailrace.");

    private EngineOptions() {}

    /** Why the operator may not set the option; empty when he may. */
    static Optional<String> refusal(String option) {
        if (REFUSED.contains(option) || REFUSED_FAMILIES.stream().anyMatch(option::startsWith)) {
            return Optional.of("cannot be set: an invariant of the agent rests on it, or it has a key of its own in the"
                    + " configuration");
        }
        return Optional.empty();
    }
}
