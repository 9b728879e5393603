package dev.tailrace.capture.mysql;

import dev.tailrace.capture.SourceSettings;
import dev.tailrace.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The {@code source} mapping of a MySQL source.
 *
 * @param common keys that every source has
 * @param zeroDates what becomes of dates that no calendar has
 * @param serverId number under which the agent reads the log; no two readers of a server may have the same
 */
record MySqlSettings(SourceSettings common, int serverId, ImpossibleDates.Policy zeroDates) {
    private static final int FIRST_ID = 1_000_000_000;

    static MySqlSettings read(Settings source, String agentName) {
        SourceSettings common = SourceSettings.read(source, MySqlSourceFactory.TYPE, 3306, List.of());
        return new MySqlSettings(
                common,
                source.number("server-id", defaultServerId(agentName), 1, Integer.MAX_VALUE),
                ImpossibleDates.Policy.of(source.choice("zero-dates", "null", List.of("null", "epoch", "fail"))));
    }

    /** The same at every start, and hardly one that an operator has given to a server. */
    static int defaultServerId(String agentName) {
        CRC32C hash = new CRC32C();
        hash.update(agentName.getBytes(StandardCharsets.UTF_8));
        return FIRST_ID + (int) (hash.getValue() % FIRST_ID);
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

    /** Host and port, for messages. */
    String where() {
        return host() + ":" + port();
    }
}
