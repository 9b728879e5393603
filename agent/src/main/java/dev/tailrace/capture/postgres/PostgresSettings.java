package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SourceSettings;
import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The {@code source} mapping of a PostgreSQL source.
 *
 * @param common keys that every source has
 * @param database whose tables are captured
 * @param slot name of the replication slot and of the publication
 */
record PostgresSettings(SourceSettings common, String database, String slot) {
    private static final Pattern SLOT_FORM = Pattern.compile("[a-z0-9_]{1,63}");

    static PostgresSettings read(Settings source, String agentName) {
        SourceSettings common = SourceSettings.read(source, PostgresSourceFactory.TYPE, 5432, List.of("public.*"));
        String database = source.text("database");
        String slot = source.text("slot", defaultSlot(agentName));
        if (!SLOT_FORM.matcher(slot).matches()) {
            source.problem(
                    "slot",
                    "\"" + slot + "\" is not a name of a replication slot: 1 to 63 lower-case letters, digits and _");
        }
        return new PostgresSettings(common, database, slot);
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

    String host() {
        return common.host();
    }

    int port() {
        return common.port();
    }

    String user() {
        return common.user();
    }

    Secret password() {
        return common.password();
    }

    List<String> tables() {
        return common.tables();
    }

    String sslMode() {
        return common.sslMode();
    }

    Duration connectTimeout() {
        return common.connectTimeout();
    }
}
