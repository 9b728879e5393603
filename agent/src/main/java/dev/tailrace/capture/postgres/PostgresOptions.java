package dev.tailrace.capture.postgres;

import static dev.tailrace.capture.EngineOptions.list;
import static dev.tailrace.capture.EngineOptions.regex;

import dev.tailrace.capture.EngineOptions;
import dev.tailrace.event.TableSchema;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The options of an engine that reads a PostgreSQL server. */
final class PostgresOptions {
    static final String MESSAGE_PREFIX = "tailrace";

    /**
     * How long the server has to wait for a word of ours: the reader can give none while one row is on its way, so that a row
     * which takes longer would never arrive.
     */
    private static final Duration SENDER_PATIENCE = Duration.ofMinutes(5);

    private PostgresOptions() {}

    /**
     * The engine's configuration.
     *
     * @param name of its {@link EngineContext}
     * @param journaled tables that were captured before
     */
    static Properties of(PostgresSettings settings, SourceState state, String name, List<TableSchema> journaled) {
        Properties options = EngineOptions.of(settings.common(), name);
        options.setProperty("connector.class", RawTextConnector.class.getName());
        connection(options, settings, state);
        log(options, settings);
        values(options);
        options.setProperty(
                "table.include.list",
                list(Stream.concat(
                                state.tables().stream().map(SourceState.Table::id),
                                // gone or renamed by now, but their changes before that may be still to come (I9)
                                journaled.stream()
                                        .map(TableSchema::table)
                                        .filter(settings.common().wanted()))
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

    private static void connection(Properties options, PostgresSettings settings, SourceState state) {
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
        options.setProperty("database.connection.factory.class", EngineConnections.class.getName());
        options.setProperty("driver.options", SourceConnections.SESSION_OPTIONS + patience(state));
        options.setProperty("driver.socketFactory", EngineSockets.class.getName());
        options.setProperty("driver.socketFactoryArg", options.getProperty("name"));
    }

    /** Never less than the server would by itself. */
    private static String patience(SourceState state) {
        long milliseconds = state.senderTimeoutMillis();
        return milliseconds == 0 || milliseconds >= SENDER_PATIENCE.toMillis()
                ? ""
                : " -c wal_sender_timeout=" + SENDER_PATIENCE.toMillis();
    }

    private static void log(Properties options, PostgresSettings settings) {
        options.setProperty("plugin.name", "pgoutput");
        options.setProperty("slot.name", settings.slot());
        options.setProperty("slot.drop.on.stop", "false");
        options.setProperty("slot.max.retries", "1");
        options.setProperty("slot.retry.delay.ms", "1000");
        options.setProperty("publication.name", settings.publication());
        options.setProperty("publication.autocreate.mode", "disabled");
        options.setProperty("snapshot.mode", "initial");
        options.setProperty("sourceinfo.struct.maker", BriefSourceInfo.class.getName());
        options.setProperty("topic.naming.strategy", TableTopics.class.getName());
        options.setProperty("lsn.flush.mode", "connector"); // I1: the driver never confirms by itself
        // cannot be sent while a row is on its way; the next confirmation says as much
        options.setProperty("lsn.flush.timeout.action", "ignore");
        options.setProperty("lsn.flush.timeout.ms", "5000");
        options.setProperty("status.update.interval.ms", "10000");
        options.setProperty("message.prefix.include.list", MESSAGE_PREFIX);
        // moves the log, and with it the slot, while the captured tables are idle
        options.setProperty(
                "heartbeat.action.query", "SELECT pg_logical_emit_message(false, '" + MESSAGE_PREFIX + "', '')");
    }

    private static void values(Properties options) {
        EngineOptions.values(options, RawValues.class, RawValues.CONTEXT, RawSnapshotQuery.NAME);
        options.setProperty("include.unknown.datatypes", "true");
        // RawValues knows an unchanged TOAST value before it becomes a placeholder; should one slip through, it is one
        // that no row can hold by chance (I7)
        options.setProperty("unavailable.value.placeholder", placeholder());
    }

    private static String placeholder() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return "hex:" + HexFormat.of().formatHex(random);
    }
}
