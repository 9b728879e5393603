package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostgresSettingsTest {
    @Test
    void makesASlotNameOfAnyAgentName() {
        assertThat(PostgresSettings.defaultSlot("shop")).isEqualTo("tailrace_shop");
        assertThat(PostgresSettings.defaultSlot("Shop-1 ä")).isEqualTo("tailrace_shop_1__");
        assertThat(PostgresSettings.defaultSlot("x".repeat(99))).hasSize(63);
    }
}
