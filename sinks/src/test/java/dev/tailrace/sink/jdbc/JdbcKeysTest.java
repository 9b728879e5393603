package dev.tailrace.sink.jdbc;

import static java.util.Map.entry;

import dev.tailrace.config.KeysAssert;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys of a sink of type {@code jdbc} and their defaults. */
class JdbcKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                "url: jdbc:postgresql://127.0.0.1:5432/warehouse",
                settings -> new JdbcSinkFactory().configure(settings),
                Map.ofEntries(
                        entry("url", "jdbc:postgresql://127.0.0.1:5432/warehouse"),
                        entry("user", "-"),
                        entry("password", "-"),
                        entry("target", "{schema}.{table}"),
                        entry("mode", "upsert"),
                        entry("create-tables", "true"),
                        entry("statement-timeout", "1m"),
                        entry("connect-timeout", "10s"),
                        entry("checkpoint-schema", "-"),
                        entry("without-key", "refuse"),
                        entry("deletes", "apply"),
                        entry("deleted-column", "tailrace_deleted_at"),
                        entry("schema-changes.add", "evolve"),
                        entry("schema-changes.add-required", "evolve"),
                        entry("schema-changes.drop", "evolve"),
                        entry("schema-changes.rename", "pause"),
                        entry("schema-changes.widen", "evolve"),
                        entry("schema-changes.narrow", "pause"),
                        entry("schema-changes.relax", "evolve"),
                        entry("schema-changes.tighten", "evolve"),
                        entry("schema-changes.key", "pause"),
                        entry("schema-changes.recreate", "pause")));
    }
}
