package dev.tailrace.capture.postgres;

import static java.util.Map.entry;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of the {@code source} mapping and their defaults. */
class SourceKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                "{database: shop, user: tailrace, debezium: {max.batch.size: 100}}",
                settings -> PostgresSettings.read(settings, "My-Shop"),
                Map.ofEntries(
                        entry("host", "127.0.0.1"),
                        entry("port", "5432"),
                        entry("database", "shop"),
                        entry("user", "tailrace"),
                        entry("password", "-"),
                        entry("tables", "public.*"),
                        entry("snapshot", "initial"),
                        entry("slot", "tailrace_my_shop"),
                        entry("ssl-mode", "prefer"),
                        entry("connect-timeout", "10s"),
                        entry("debezium.max.batch.size", "100")));
    }
}
