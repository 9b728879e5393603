package dev.tailrace.capture;

import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The {@code source} mapping of the configuration.
 *
 * @param type {@code postgres}
 * @param host of the source database
 * @param port of the source database
 * @param database whose tables are captured
 * @param user with the rights that {@link SourcePreflight} checks
 * @param password of that user; empty when the server asks for none
 * @param tables globs of the form {@code schema.table}: {@code *} any characters, {@code ?} one
 * @param snapshot whether the rows that exist at the first start are read
 * @param slot name of the replication slot and of the publication
 * @param sslMode {@code disable}, {@code prefer}, {@code require}, {@code verify-ca} or {@code verify-full}
 * @param connectTimeout for one attempt to connect
 * @param debezium further options of the engine, none of which an invariant rests on
 */
public record SourceSettings(
        String type,
        String host,
        int port,
        String database,
        String user,
        Secret password,
        List<String> tables,
        SnapshotMode snapshot,
        String slot,
        String sslMode,
        Duration connectTimeout,
        Map<String, String> debezium) {

    /** Whether and when the rows that exist already are read. */
    public enum SnapshotMode {
        /** Once, at the first start. */
        INITIAL,
        /** Never: only changes from the first start on. */
        NEVER,
        /** At the first start, and again when the slot no longer covers what the journal lacks. */
        WHEN_NEEDED
    }

    private static final Pattern SLOT_FORM = Pattern.compile("[a-z0-9_]{1,63}");

    public SourceSettings {
        tables = List.copyOf(tables);
        debezium = Map.copyOf(debezium);
    }

    /**
     * Reads the mapping; every problem is reported to it.
     *
     * @param agentName from which the slot's default name is made
     */
    public static SourceSettings read(Settings source, String agentName) {
        String type = source.choice("type", "postgres", List.of("postgres"));
        String host = source.text("host", "127.0.0.1");
        int port = source.number("port", 5432, 1, 65535);
        String database = source.text("database");
        String user = source.text("user");
        Secret password = source.secret("password").orElse(new Secret(""));
        List<String> tables = source.texts("tables", List.of("public.*"));
        SnapshotMode snapshot =
                SnapshotMode.valueOf(source.choice("snapshot", "initial", List.of("initial", "never", "when-needed"))
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_'));
        String slot = source.text("slot", defaultSlot(agentName));
        String sslMode = source.choice(
                "ssl-mode", "prefer", List.of("disable", "prefer", "require", "verify-ca", "verify-full"));
        Duration connectTimeout = source.duration(
                "connect-timeout", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5));
        Map<String, String> debezium = source.passThrough("debezium");
        reportProblems(source, tables, slot, debezium);
        return new SourceSettings(
                type, host, port, database, user, password, tables, snapshot, slot, sslMode, connectTimeout, debezium);
    }

    private static void reportProblems(
            Settings source, List<String> tables, String slot, Map<String, String> debezium) {
        if (tables.isEmpty()) {
            source.problem("tables", "names no table; write globs such as \"public.*\"");
        }
        for (String glob : tables) {
            if (glob.indexOf('.') < 1 || glob.endsWith(".") || glob.indexOf('\0') >= 0) {
                source.problem("tables", "\"" + glob + "\" is not of the form schema.table, such as \"public.*\"");
            }
        }
        if (!SLOT_FORM.matcher(slot).matches()) {
            source.problem(
                    "slot",
                    "\"" + slot + "\" is not a name of a replication slot: 1 to 63 lower-case letters, digits and _");
        }
        for (String option : debezium.keySet()) {
            EngineOptions.refusal(option).ifPresent(why -> source.problem("debezium", option + " " + why));
        }
    }

    /** {@code tailrace_<name>}, with what a slot's name may not hold replaced by {@code _}. */
    static String defaultSlot(String agentName) {
        String name = ("tailrace_" + agentName).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.substring(0, Math.min(name.length(), 63));
    }

    /** The name of the publication: that of the slot. */
    String publication() {
        return slot;
    }
}
