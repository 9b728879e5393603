package dev.tailrace.capture.mysql;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The keys of the {@code source} mapping and their defaults. */
class MySqlSourceKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                "{user: tailrace, tables: [shop.*], debezium: {max.batch.size: 100}}",
                settings -> MySqlSettings.read(settings, "My-Shop"),
                Map.ofEntries(
                        entry("host", "127.0.0.1"),
                        entry("port", "3306"),
                        entry("user", "tailrace"),
                        entry("password", "-"),
                        entry("tables", "shop.*"),
                        entry("snapshot", "initial"),
                        entry("ssl-mode", "prefer"),
                        entry("connect-timeout", "10s"),
                        entry("server-id", "1835038660"),
                        entry("zero-dates", "null"),
                        entry("debezium.max.batch.size", "100")));
    }

    /** A server takes any number up to 2^32 - 1, the engine up to 2^31 - 1, and an operator begins with small ones. */
    @Test
    void theDefaultNumberIsOfTheNameAloneAndNoneThatAnOperatorChooses() {
        assertThat(MySqlSettings.defaultServerId("shop"))
                .isEqualTo(1081700945)
                .isEqualTo(MySqlSettings.defaultServerId("shop"));
        assertThat(IntStream.range(0, 1000).map(i -> MySqlSettings.defaultServerId("shop-" + i)))
                .allSatisfy(id -> assertThat(id).isBetween(1_000_000_000, 1_999_999_999))
                .doesNotHaveDuplicates();
    }
}
