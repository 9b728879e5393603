package dev.tailrace.agent;

import static java.util.Map.entry;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of the whole configuration, {@code journal} and {@code admin} among them, and their defaults. */
class AgentKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeysOfFile(
                """
                name: shop
                source: {database: shop, user: tailrace}
                sinks:
                  - {name: archive, type: file, directory: /srv/archive}
                """,
                AgentConfiguration::read,
                Map.ofEntries(
                        entry("name", "shop"),
                        entry("data-dir", "/var/lib/tailrace/shop"),
                        entry("source.type", "postgres"),
                        entry("source.host", "127.0.0.1"),
                        entry("source.port", "5432"),
                        entry("source.database", "shop"),
                        entry("source.user", "tailrace"),
                        entry("source.password", "-"),
                        entry("source.tables", "public.*"),
                        entry("source.snapshot", "initial"),
                        entry("source.slot", "tailrace_shop"),
                        entry("source.ssl-mode", "prefer"),
                        entry("source.connect-timeout", "10s"),
                        entry("journal.retention", "7d"),
                        entry("journal.max-size", "20GiB"),
                        entry("journal.reserve", "1GiB"),
                        entry("sinks[0].name", "archive"),
                        entry("sinks[0].tables", "public.*"),
                        entry("sinks[0].type", "file"),
                        entry("sinks[0].directory", "/srv/archive"),
                        entry("sinks[0].format", "jsonl"),
                        entry("sinks[0].split", "none"),
                        entry("sinks[0].compression", "none"),
                        entry("sinks[0].rotate-size", "64MiB"),
                        entry("sinks[0].rotate-rows", "1000000"),
                        entry("sinks[0].rotate-age", "1h"),
                        entry("sinks[0].rejects", "park"),
                        entry("sinks[0].rejects-per-minute", "100"),
                        entry("sinks[0].rejects-limit", "1000000"),
                        entry("sinks[0].supersede", "never"),
                        entry("sinks[0].mask-key", "-"),
                        entry("sinks[0].truncate", "apply"),
                        entry("admin.listen", "127.0.0.1:9480"),
                        entry("admin.token", "-")));
    }
}
