package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RememberedOptionsTest {
    private static final Configuration OPTIONS =
            Configuration.from(Map.of("on", "true", "many", "42", "database.password", "swordfish"));

    private final Configuration remembered = new RememberedOptions(OPTIONS);

    @Test
    void saysWhatTheOptionsSayAtEveryTime() {
        Field on = Field.create("on").withDefault(false);
        Field many = Field.create("many").withDefault(7L);
        Field absent = Field.create("absent").withDefault(true);
        for (int i = 0; i < 3; i++) {
            assertThat(remembered.getBoolean(on)).isTrue();
            assertThat(remembered.getLong(many)).isEqualTo(42);
            assertThat(remembered.getBoolean(absent)).isTrue();
        }
        assertThat(remembered.asMap()).isEqualTo(OPTIONS.asMap());
        assertThat(remembered.getString("on")).isEqualTo("true");
    }

    @Test
    void twoFieldsOfOneNameKeepTheirDefaults() {
        Field off = Field.create("absent").withDefault(false);
        Field on = Field.create("absent").withDefault(true);
        assertThat(remembered.getBoolean(off)).isFalse();
        assertThat(remembered.getBoolean(on)).isTrue();
        assertThat(remembered.getBoolean(off)).isFalse();
    }

    @Test
    void saysTheSameOfAllOptionsOfTheEngine() {
        for (Field field : PostgresConnectorConfig.ALL_FIELDS) {
            if (field.defaultValue() instanceof Boolean) {
                assertThat(remembered.getBoolean(field))
                        .describedAs(field.name())
                        .isEqualTo(OPTIONS.getBoolean(field));
            } else if (field.defaultValue() instanceof Long) {
                assertThat(remembered.getLong(field)).describedAs(field.name()).isEqualTo(OPTIONS.getLong(field));
            }
        }
    }

    @Test
    void showsNoSecret() {
        assertThat(remembered.toString()).doesNotContain("swordfish");
    }
}
