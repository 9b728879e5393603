package dev.tailrace.capture.mysql;

import static dev.tailrace.capture.EngineOptions.list;

import dev.tailrace.capture.EngineOptions;
import dev.tailrace.capture.StartPlan;
import io.debezium.relational.history.SchemaHistory;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The options of an engine that reads a MySQL server. */
final class MySqlOptions {
    /** The server may wait as long for a reader whose journal has no room: it then reads on where it stands. */
    private static final long NET_WRITE_TIMEOUT_SECONDS = 3_600;

    private MySqlOptions() {}

    /** @param name of the engine */
    static Properties of(MySqlSettings settings, SkippedStatements skipped, StartPlan.Kind kind, String name) {
        Properties options = EngineOptions.of(settings.common(), name);
        options.setProperty("connector.class", EngineConnector.class.getName());
        connection(options, settings);
        // without a snapshot of rows the engine still has to learn the shapes of the tables
        options.setProperty("snapshot.mode", kind == StartPlan.Kind.FROM_NOW ? "no_data" : "initial");
        options.setProperty("snapshot.locking.mode", "minimal");
        tables(options, settings);
        log(options, skipped, name);
        EngineOptions.values(options, MySqlValues.class, MySqlValues.CONTEXT, MySqlSnapshotQuery.NAME);
        options.setProperty("bigint.unsigned.handling.mode", "precise");
        return options;
    }

    private static void connection(Properties options, MySqlSettings settings) {
        options.setProperty("database.hostname", settings.host());
        options.setProperty("database.port", Integer.toString(settings.port()));
        options.setProperty("database.user", settings.user());
        options.setProperty("database.password", settings.common().password().reveal());
        options.setProperty("database.server.id", Integer.toString(settings.serverId()));
        options.setProperty(
                "database.ssl.mode",
                switch (settings.common().sslMode()) {
                    case "disable" -> "disabled";
                    case "require" -> "required";
                    case "verify-ca" -> "verify_ca";
                    case "verify-full" -> "verify_identity";
                    default -> "preferred";
                });
        options.setProperty(
                "connect.timeout.ms",
                Long.toString(settings.common().connectTimeout().toMillis()));
        options.setProperty("driver.allowPublicKeyRetrieval", "true");
        options.setProperty("driver.connectionTimeZone", "UTC");
        options.setProperty("driver.forceConnectionTimeZoneToSession", "true");
        options.setProperty("driver.tcpKeepAlive", "true");
        options.setProperty("driver.sessionVariables", MySqlSnapshotQuery.SESSION_VARIABLES);
        options.setProperty("driver.connectionAttributes", EngineSockets.NAME + options.getProperty("name"));
        options.setProperty("database.jdbc.driver", EngineDriver.class.getName());
    }

    /** By the globs themselves, so that a table made later is captured from its first row on. */
    private static void tables(Properties options, MySqlSettings settings) {
        List<String> globs = settings.common().tables();
        options.setProperty("table.include.list", list(globs.stream().map(MySqlOptions::regex)));
        options.setProperty("database.include.list", list(databases(globs).map(MySqlOptions::regex)));
    }

    /**
     * Globs of databases in which captured tables may be. A name may have dots, so that each dot of a glob may be the one
     * behind the database; one database too many does no harm, because the tables are told apart by their whole names.
     */
    static Stream<String> databases(List<String> globs) {
        return globs.stream()
                .flatMap(glob -> IntStream.range(1, glob.length())
                        .filter(i -> glob.charAt(i) == '.')
                        .mapToObj(i -> glob.substring(0, i)))
                .distinct();
    }

    /** {@code *} any characters, {@code ?} one; everything else is itself. */
    static String regex(String glob) {
        StringBuilder regex = new StringBuilder("(?-i)");
        glob.codePoints().forEach(c -> {
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(EngineOptions.regex(Character.toString(c)).substring("(?-i)".length()));
            }
        });
        return regex.toString();
    }

    private static void log(Properties options, SkippedStatements skipped, String name) {
        options.setProperty("schema.history.internal", JournalSchemaHistory.class.getName());
        options.setProperty(JournalSchemaHistory.CONTEXT, name);
        // a table that is not captured yet may be renamed to one that is: its shape has to be known
        options.setProperty("schema.history.internal.store.only.captured.tables.ddl", "false");
        options.setProperty("schema.history.internal.store.only.captured.databases.ddl", "true");
        options.setProperty("schema.history.internal.skip.unparseable.ddl", "false");
        options.setProperty(SchemaHistory.DDL_FILTER.name(), skipped.filter());
        options.setProperty("include.schema.changes", "false");
        options.setProperty("inconsistent.schema.handling.mode", "fail");
        // the client's own watch takes a reader that waits for its journal for a lost connection and then skips rows
        options.setProperty("connect.keep.alive", "false");
        // the server's heartbeats come at eight tenths of this
        options.setProperty("connect.keep.alive.interval.ms", Long.toString(EngineOptions.HEARTBEAT.toMillis()));
        options.setProperty("binlog.net.write.timeout", Long.toString(NET_WRITE_TIMEOUT_SECONDS));
    }
}
