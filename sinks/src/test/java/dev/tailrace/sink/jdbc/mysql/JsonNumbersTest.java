package dev.tailrace.sink.jdbc.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumbersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[9223372036854775807, 18446744073709551615, -9223372036854775808]",
                "{\"a\": [0.1, -1.5e-300, 1.7976931348623157e308, 123456789012345.6]}",
                "\"12345678901234567890123\"",
                "{\"12345678901234567890123\": \"1e999\"}",
                "[5e-324, 2.2250738585072014e-308, 0.30000000000000004, 2e23, 9007199254740993]",
                "1e22",
                "100000000000000000000",
                "0.10000000000000000000",
                "no JSON 12345678901234567890123"
            })
    void areKeptOrNone(String json) {
        assertThat(JsonNumbers.areExact(json)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567890123",
                "18446744073709551617",
                "-9223372036854775809",
                "{\"a\": {\"b\": [1, 0.1234567890123456789]}}",
                "1234567890.1234567890",
                "1e999",
                "0.10000000000000001",
                "4.94065645841247e-324",
                "-1e-999",
                "123e-400"
            })
    void wouldBeRounded(String json) {
        assertThat(JsonNumbers.areExact(json)).isFalse();
    }
}
