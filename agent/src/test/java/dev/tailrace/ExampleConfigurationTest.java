package dev.tailrace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import dev.tailrace.config.EffectiveConfiguration;
import dev.tailrace.sink.SinkFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code conf/tailrace.yaml} is valid as it is shipped, with all of its examples switched on, and leaves out no key. */
class ExampleConfigurationTest {
    private static final Path SHIPPED = Path.of(System.getProperty("tailrace.house"), "conf", "tailrace.yaml");

    /** Fits wherever the example refers to a secret. */
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    /** A key behind a #: no space follows, or the two that stand for the indent of a list entry. Prose has one. */
    private static final Pattern SWITCHED_OFF = Pattern.compile("(?m)^( *)#(?=\\S|  )");

    @TempDir
    Path directory;

    private Configuration read(String text) throws IOException {
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(file, text.replaceAll("\\$\\{file:[^}]*}", "\\${env:SECRET}"));
        Configuration configuration = new ConfigurationReader(name -> SECRET).read(file);
        AgentConfiguration.read(configuration);
        return configuration;
    }

    /** With all examples on, and of the two mappings of a source the one of that type. */
    private static String switchedOn(String type) throws IOException {
        String text = Files.readString(SHIPPED);
        int postgres = text.indexOf("\nsource:\n");
        int mysql = text.indexOf("\n#source:\n", postgres);
        int behind = text.indexOf("\njournal:\n", mysql);
        assertThat(List.of(postgres, mysql, behind)).isSorted().doesNotContain(-1);
        String chosen = type.equals("mysql")
                ? text.substring(0, postgres)
                        + text.substring(mysql, behind)
                        + text.substring(behind).replace("public.", "shop.")
                : text.substring(0, mysql) + text.substring(behind);
        return SWITCHED_OFF.matcher(chosen).replaceAll("$1");
    }

    @Test
    void isValidAsShipped() throws IOException {
        assertThat(read(Files.readString(SHIPPED)).findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mysql"})
    void isValidWithAllExamples(String type) throws IOException {
        Configuration configuration = read(switchedOn(type));
        assertThat(configuration.findings()).isEmpty();
        assertThat(AgentConfiguration.read(configuration).source().settings().type())
                .isEqualTo(type);
        assertThat(AgentConfiguration.read(configuration).sinks())
                .extracting(sink -> sink.type())
                .containsExactlyInAnyOrderElementsOf(ServiceLoader.load(SinkFactory.class).stream()
                        .map(provider -> provider.get().type())
                        .toList());
    }

    /** With all examples on, nothing is left to a default: a key that the file does not name would be. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mysql"})
    void namesEveryKey(String type) throws IOException {
        assertThat(read(switchedOn(type)).effective().rows())
                .filteredOn(entry -> entry.origin().equals("default"))
                .extracting(EffectiveConfiguration.Entry::key)
                .isEmpty();
    }

    /** What stands there for a key that has a default is the default. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres|{database: shop, user: tailrace}",
                "mysql|{type: mysql, user: tailrace, tables: [\"shop.*\"]}"
            })
    void showsEveryDefault(String type, String source) throws IOException {
        Map<String, String> shown = new HashMap<>();
        read(switchedOn(type)).effective().rows().forEach(entry -> shown.put(entry.key(), entry.value()));
        Configuration minimal = read("""
                name: shop
                source: %s
                sinks:
                  - {name: warehouse, type: jdbc, url: "jdbc:postgresql://127.0.0.1:5433/warehouse"}
                  - {name: events, type: http, url: "https://127.0.0.1:8443/changes"}
                  - {name: archive, type: file, directory: /var/lib/tailrace/shop/archive}
                """.formatted(source));
        assertThat(minimal.findings()).isEmpty();
        assertThat(minimal.effective().rows())
                .filteredOn(entry ->
                        entry.origin().equals("default") && !entry.value().equals("-"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(shown).containsEntry(entry.key(), entry.value()));
    }
}
