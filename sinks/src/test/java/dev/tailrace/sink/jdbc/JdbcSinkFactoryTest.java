package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of a JDBC sink. */
class JdbcSinkFactoryTest {

    private static MapSettings configured(Map<String, Object> more) {
        Map<String, Object> values = new HashMap<>(Map.of("url", "jdbc:postgresql://127.0.0.1/x"));
        values.putAll(more);
        MapSettings settings = new MapSettings(values);
        new JdbcSinkFactory().configure(settings);
        return settings;
    }

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(SinkFactory.class))
                .extracting(SinkFactory::type)
                .contains("jdbc");
    }

    @Test
    void knowsTheseKeys() {
        MapSettings settings = configured(Map.of(
                "user", "u",
                "password", "p",
                "target", "{table}",
                "mode", "append",
                "create-tables", "false",
                "statement-timeout", "5s",
                "connect-timeout", "2s",
                "checkpoint-schema", "ops",
                "nonsense", "1"));
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unknown()).containsExactly("nonsense");
    }

    @Test
    void reportsAllProblemsAtOnce() {
        MapSettings settings = configured(Map.of(
                "url", "jdbc:oracle:thin:@h/d", "mode", "merge", "target", "one_table", "statement-timeout", "1ms"));
        assertThat(settings.problems())
                .hasSize(4)
                .anyMatch(p -> p.startsWith("url: ") && p.contains("jdbc:postgresql:"))
                .anyMatch(p -> p.startsWith("mode: "))
                .anyMatch(p -> p.startsWith("target: ") && p.contains("{table}"))
                .anyMatch(p -> p.startsWith("statement-timeout: "));
        assertThat(configured(Map.of("url", "")).problems())
                .singleElement()
                .asString()
                .startsWith("url: ");
    }

    @Test
    void namesErrorsThatAreNone() {
        assertThat(configured(Map.of("errors", Map.of("23514", "halt", "23", "retry", "1265", "reject")))
                        .problems())
                .isEmpty();
        assertThat(configured(Map.of("errors", Map.of("constraint", "halt", "23514", "skip")))
                        .problems())
                .hasSize(2)
                .anyMatch(p -> p.contains("constraint: is no error such as"))
                .anyMatch(p -> p.contains("23514: is not retry, reject or halt"));
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d?password=hidden, jdbc:postgresql://h/d?password=********",
        "jdbc:postgresql://h/d?user=u&PASSWORD=hidden&ssl=true, jdbc:postgresql://h/d?user=u&PASSWORD=********&ssl=true",
        "jdbc:postgresql://h/d?sslpassword=hidden, jdbc:postgresql://h/d?sslpassword=********",
        "jdbc:postgresql://u:hidden@h/d, jdbc:postgresql://u:********@h/d",
        "jdbc:postgresql://u:hid:d@en@h/d, jdbc:postgresql://u:********@h/d",
        "jdbc:mysql://u:hidden@h/d?sslMode=REQUIRED, jdbc:mysql://u:********@h/d?sslMode=REQUIRED",
        "jdbc:mariadb://h/d?password=hidden, jdbc:mariadb://h/d?password=********",
        "jdbc:postgresql://h:5432/d?user=u, jdbc:postgresql://h:5432/d?user=u",
    })
    void masksPasswords(String url, String shown) {
        assertThat(JdbcUrl.mask(url)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d, a.b",
        "jdbc:mysql://h/d, b",
        "jdbc:mariadb://h/d, b",
    })
    void namesTablesAsTheDatabaseDoes(String url, String name) {
        TargetTemplate template =
                TargetTemplate.parse(Dialects.of(url).orElseThrow().defaultTarget());
        assertThat(template.of(new TableId("a", "b"))).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource({
        "{schema}.{table}, a.b.c",
        "{table}, b.c",
        "copy.{schema}_{table}, copy.a_b.c",
    })
    void namesTargetsByTheTemplate(String template, String name) {
        assertThat(TargetTemplate.parse(template).of(new TableId("a", "b.c"))).hasToString(name);
    }
}
