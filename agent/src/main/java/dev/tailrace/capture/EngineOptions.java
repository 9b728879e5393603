package dev.tailrace.capture;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of the Debezium engine: which of them the operator may set, and what those of every engine must be. */
public final class EngineOptions {
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
            "executor.shutdown.timeout.ms",
            "bigint.unsigned.handling.mode",
            "inconsistent.schema.handling.mode",
            "include.schema.changes",
            "include.query",
            "min.row.count.to.stream.results",
            "event.deserialization.failure.handling.mode",
            "enable.time.adjuster",
            "connect.timeout.ms",
            "use.nongraceful.disconnect",
            "event.order");

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
            "raw.",
            "connect.keep.alive",
            "gtid.",
            "binlog.",
            "ddl.",
            "tailrace.");

    /** How often an idle source is heard of, and its slot moves on. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private EngineOptions() {}

    /**
     * The options that every engine of ours has.
     *
     * @param name of its {@link EngineContext}
     */
    public static Properties of(SourceSettings settings, String name) {
        Properties options = new Properties();
        options.putAll(settings.debezium());
        options.setProperty("name", name);
        options.setProperty("topic.prefix", EngineRecord.TOPIC_PREFIX);
        options.setProperty("offset.storage", JournalOffsetStore.class.getName()); // I1
        options.setProperty("offset.flush.interval.ms", "200");
        options.setProperty("offset.flush.timeout.ms", "5000");
        // every restart is ours: only so are the gap checks made before each (I9)
        options.setProperty("errors.max.retries", "0");
        options.setProperty("internal.task.management.timeout.ms", "180000");
        options.setProperty("poll.interval.ms", "2");
        options.setProperty("queue.provider.type", EngineQueueProvider.NAME);
        EngineQueue.Limits.of(settings.debezium()).writeTo(options);
        options.setProperty("event.processing.failure.handling.mode", "fail");
        options.setProperty("event.converting.failure.handling.mode", "fail");
        options.setProperty("extended.headers.enabled", "false");
        options.setProperty("heartbeat.interval.ms", Long.toString(HEARTBEAT.toMillis()));
        options.setProperty("snapshot.max.threads", "1"); // with more, not all read the same state
        options.setProperty("provide.transaction.metadata", "true"); // I5
        options.setProperty("tombstones.on.delete", "false");
        options.setProperty("skipped.operations", "none");
        options.setProperty("decimal.handling.mode", "precise");
        options.setProperty("time.precision.mode", "adaptive_time_microseconds");
        return options;
    }

    /** Makes every value pass through a converter of ours, and every snapshot's query. */
    public static void values(Properties options, Class<?> converter, String contextKey, String snapshotQuery) {
        options.setProperty("converters", "raw");
        options.setProperty("raw.type", converter.getName());
        options.setProperty("raw." + contextKey, options.getProperty("name"));
        options.setProperty("snapshot.query.mode", "custom");
        options.setProperty("snapshot.query.mode.custom.name", snapshotQuery);
    }

    /** Regular expressions as the engine takes a list of them. */
    public static String list(Stream<String> regexes) {
        return regexes.collect(Collectors.joining(","));
    }

    /** Matches exactly this name, in this case, whatever is in it; commas and blanks do not end it. */
    public static String regex(String... parts) {
        StringBuilder regex = new StringBuilder("(?-i)");
        String name = String.join(".", parts);
        name.codePoints().forEach(c -> {
            if (c < 128 && (Character.isLetterOrDigit(c) || c == '_')) {
                regex.append((char) c);
            } else {
                regex.append("\\x{").append(Integer.toHexString(c)).append('}');
            }
        });
        return regex.toString();
    }

    /** Why the operator may not set the option; empty when he may. */
    static Optional<String> refusal(String option) {
        if (REFUSED.contains(option) || REFUSED_FAMILIES.stream().anyMatch(option::startsWith)) {
            return Optional.of("cannot be set: an invariant of the agent rests on it, or it has a key of its own in the"
                    + " configuration");
        }
        return Optional.empty();
    }
}
