package dev.tailrace.capture;

import dev.tailrace.event.TableSchema;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of the Debezium engine: which of them the operator may set, and what all others must be. */
final class EngineOptions {
    private static final String MESSAGE_PREFIX = "tailrace";

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
            "raw.",
            "tailrace.");

    /** How often an idle source is heard of, and its slot moves on. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private EngineOptions() {}

    /**
     * The engine's configuration.
     *
     * @param name of its {@link EngineContext}
     * @param journaled tables that were captured before
     */
    static Properties of(SourceSettings settings, SourceState state, String name, List<TableSchema> journaled) {
        Properties options = new Properties();
        options.putAll(settings.debezium());
        engine(options, name);
        connection(options, settings);
        log(options, settings);
        values(options, name);
        options.setProperty(
                "table.include.list",
                list(Stream.concat(
                                state.tables().stream().map(SourceState.Table::id),
                                // gone or renamed by now, but their changes before that may be still to come (I9)
                                journaled.stream().map(TableSchema::table).filter(SourceReader.wanted(settings)))
                        .distinct()
                        .map(table -> regex(table.schema(), table.table()))));
        boolean storedArePublished =
                state.publication().map(SourceState.Publication::generated).orElse(state.version() >= 180_000);
        String excluded = list(state.tables().stream()
                .flatMap(table -> table.columns().stream()
                        .filter(column -> SourceChecks.isLeftOut(column, storedArePublished))
                        .map(column -> regex(table.id().schema(), table.id().table(), column.name()))));
        if (!excluded.isEmpty()) {
            options.setProperty("column.exclude.list", excluded);
        }
        return options;
    }

    private static void engine(Properties options, String name) {
        options.setProperty("name", name);
        options.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        options.setProperty("topic.prefix", EngineRecord.TOPIC_PREFIX);
        options.setProperty("offset.storage", JournalOffsetStore.class.getName()); // I1
        options.setProperty("offset.flush.interval.ms", "200");
        options.setProperty("offset.flush.timeout.ms", "5000");
        // every restart is ours: only so are the gap checks made before each (I9)
        options.setProperty("errors.max.retries", "0");
        options.setProperty("internal.task.management.timeout.ms", "180000");
        options.setProperty("poll.interval.ms", "2");
        options.putIfAbsent("max.batch.size", "4096");
        options.putIfAbsent("max.queue.size", "16384");
        options.putIfAbsent("max.queue.size.in.bytes", Long.toString(64L << 20));
        options.setProperty("event.processing.failure.handling.mode", "fail");
        options.setProperty("event.converting.failure.handling.mode", "fail");
        options.setProperty("extended.headers.enabled", "false");
        options.setProperty("heartbeat.interval.ms", Long.toString(HEARTBEAT.toMillis()));
        // moves the log, and with it the slot, while the captured tables are idle
        options.setProperty(
                "heartbeat.action.query", "SELECT pg_logical_emit_message(false, '" + MESSAGE_PREFIX + "', '')");
    }

    private static void connection(Properties options, SourceSettings settings) {
        options.setProperty("database.hostname", settings.host());
        options.setProperty("database.port", Integer.toString(settings.port()));
        options.setProperty("database.dbname", settings.database());
        options.setProperty("database.user", settings.user());
        options.setProperty("database.password", settings.password().reveal());
        options.setProperty("database.sslmode", settings.sslMode());
        options.setProperty("database.tcpKeepAlive", "true");
        String seconds = Long.toString(Math.max(1, settings.connectTimeout().toSeconds()));
        options.setProperty("driver.connectTimeout", seconds);
        options.setProperty("driver.loginTimeout", seconds);
        options.setProperty("driver.options", SourceConnections.SESSION_OPTIONS);
    }

    private static void log(Properties options, SourceSettings settings) {
        options.setProperty("plugin.name", "pgoutput");
        options.setProperty("slot.name", settings.slot());
        options.setProperty("slot.drop.on.stop", "false");
        options.setProperty("slot.max.retries", "1");
        options.setProperty("slot.retry.delay.ms", "1000");
        options.setProperty("publication.name", settings.publication());
        options.setProperty("publication.autocreate.mode", "disabled");
        options.setProperty("snapshot.mode", "initial");
        options.setProperty("snapshot.max.threads", "1"); // with more, not all are on the exported snapshot
        options.setProperty("snapshot.query.mode", "custom");
        options.setProperty("snapshot.query.mode.custom.name", RawSnapshotQuery.NAME);
        options.setProperty("lsn.flush.mode", "connector"); // I1: the driver never confirms by itself
        options.setProperty("lsn.flush.timeout.action", "fail");
        options.setProperty("status.update.interval.ms", "10000");
        options.setProperty("provide.transaction.metadata", "true"); // I5
        options.setProperty("tombstones.on.delete", "false");
        options.setProperty("skipped.operations", "none");
        options.setProperty("message.prefix.include.list", MESSAGE_PREFIX);
    }

    private static void values(Properties options, String name) {
        options.setProperty("converters", "raw");
        options.setProperty("raw.type", RawValues.class.getName());
        options.setProperty("raw." + RawValues.CONTEXT, name);
        options.setProperty("include.unknown.datatypes", "true");
        options.setProperty("decimal.handling.mode", "precise");
        options.setProperty("time.precision.mode", "adaptive_time_microseconds");
        options.setProperty("interval.handling.mode", "string");
        // RawValues knows an unchanged TOAST value before it becomes a placeholder; should one slip through, it is one
        // that no row can hold by chance (I7)
        options.setProperty("unavailable.value.placeholder", placeholder());
    }

    private static String placeholder() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return "hex:" + HexFormat.of().formatHex(random);
    }

    private static String list(Stream<String> regexes) {
        return regexes.collect(Collectors.joining(","));
    }

    /** Matches exactly this name, in this case, whatever is in it; commas and blanks do not end it. */
    static String regex(String... parts) {
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
