package dev.tailrace.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysAssertTest {
    private static void read(Settings settings) {
        settings.text("name");
        settings.nested("batch").number("events", 5, 1, 10);
        settings.secret("password");
        settings.texts("tables", List.of("a", "b"));
    }

    @Test
    void passesWhenEveryKeyAndDefaultIsNamed() throws Exception {
        Map<String, String> keys = Map.of("name", "x", "batch.events", "5", "password", "-", "tables", "a, b");
        KeysAssert.assertKeys("name: x", KeysAssertTest::read, keys);
    }

    @Test
    void failsOnAKeyThatIsNotNamed() {
        Map<String, String> keys = Map.of("name", "x", "batch.events", "5", "password", "-");
        assertThatThrownBy(() -> KeysAssert.assertKeys("name: x", KeysAssertTest::read, keys))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tables");
    }

    @Test
    void failsOnAnotherDefault() {
        Map<String, String> keys = Map.of("name", "x", "batch.events", "6", "password", "-", "tables", "a, b");
        assertThatThrownBy(() -> KeysAssert.assertKeys("name: x", KeysAssertTest::read, keys))
                .isInstanceOf(AssertionError.class);
    }
}
