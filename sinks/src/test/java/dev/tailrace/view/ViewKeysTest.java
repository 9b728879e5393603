package dev.tailrace.view;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.KeysAssert;
import dev.tailrace.sink.MapSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The keys by which any sink is shown a view, their defaults, and what is refused. */
class ViewKeysTest {
    @Test
    void everyKeyAndDefaultIsNamed() throws Exception {
        KeysAssert.assertKeys(
                """
                keys: {public.log: [id, at]}
                columns: {public.customers: {drop: [ssn], hash: [email], fixed: {phone: "***"}, rename: {old: new}}}
                where: {public.orders: "status = 'paid'"}
                mask-key: 0123456789abcdef
                """,
                ViewSettings::read,
                Map.ofEntries(
                        entry("keys.public.log", "id, at"),
                        entry("columns.public.customers.drop", "ssn"),
                        entry("columns.public.customers.hash", "email"),
                        entry("columns.public.customers.fixed.phone", "***"),
                        entry("columns.public.customers.rename.old", "new"),
                        entry("where.public.orders", "status = 'paid'"),
                        entry("mask-key", "********"),
                        entry("truncate", "apply")));
        KeysAssert.assertKeys(
                "name: x",
                s -> {
                    s.text("name");
                    assertThat(ViewSettings.read(s).showsEverything()).isTrue();
                },
                Map.of("name", "x", "mask-key", "-", "truncate", "apply"));
    }

    @Test
    void allProblemsAreToldAtOnce() {
        MapSettings settings = new MapSettings(Map.of(
                "keys", Map.of("public.log", List.of("id", "id")),
                "columns",
                        Map.of(
                                "public.c",
                                Map.of(
                                        "drop", List.of("a", "b"),
                                        "hash", List.of("b"),
                                        "rename", Map.of("a", "x", "c", "x"))),
                "where", Map.of("public.o", "total > "),
                "truncate", "never"));
        ViewSettings.read(settings);
        assertThat(settings.problems())
                .hasSize(7)
                .anyMatch(p -> p.startsWith("keys.public.log: is not a list of different columns"))
                .anyMatch(p -> p.startsWith("columns.public.c.drop: and hash and fixed name column b twice"))
                .anyMatch(p -> p.startsWith("columns.public.c.rename: names column a, which is dropped"))
                .anyMatch(p -> p.startsWith("columns.public.c.rename: gives \"x\" to two columns"))
                .anyMatch(p -> p.startsWith("where.public.o: at character 9: expected a number"))
                .anyMatch(p -> p.startsWith("mask-key: is needed"))
                .anyMatch(p -> p.startsWith("truncate:"));
    }

    @Test
    void aShortMaskKeyIsRefusedAndNotShown() {
        MapSettings settings = new MapSettings(Map.of("mask-key", "short-secret"));
        ViewSettings.read(settings);
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .contains("shorter than 16")
                .doesNotContain("short-secret");
    }
}
