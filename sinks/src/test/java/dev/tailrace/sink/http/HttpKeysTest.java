package dev.tailrace.sink.http;

import static java.util.Map.entry;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of a sink of type {@code http} and their defaults. */
class HttpKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                "{url: \"https://127.0.0.1:8443/changes\", headers: {X-Tenant: shop}}",
                settings -> new HttpSinkFactory().configure(settings),
                Map.ofEntries(
                        entry("url", "https://127.0.0.1:8443/changes"),
                        entry("format", "cloudevents"),
                        entry("headers.X-Tenant", "shop"),
                        entry("bearer-token", "-"),
                        entry("signing-secret", "-"),
                        entry("timeout", "30s"),
                        entry("connect-timeout", "10s"),
                        entry("connections", "4"),
                        entry("batch-events", "500"),
                        entry("batch-bytes", "1MiB"),
                        entry("compression", "none"),
                        entry("tls.ca-file", "-")));
    }
}
