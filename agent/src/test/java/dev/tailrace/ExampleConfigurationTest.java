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
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static String switchedOn() throws IOException {
        return SWITCHED_OFF.matcher(Files.readString(SHIPPED)).replaceAll("$1");
    }

    @Test
    void isValidAsShipped() throws IOException {
        assertThat(read(Files.readString(SHIPPED)).findings()).isEmpty();
    }

    @Test
    void isValidWithAllExamples() throws IOException {
        Configuration configuration = read(switchedOn());
        assertThat(configuration.findings()).isEmpty();
        assertThat(AgentConfiguration.read(configuration).sinks())
                .extracting(sink -> sink.type())
                .containsExactlyInAnyOrderElementsOf(ServiceLoader.load(SinkFactory.class).stream()
                        .map(provider -> provider.get().type())
                        .toList());
    }

    /** With all examples on, nothing is left to a default: a key that the file does not name would be. */
    @Test
    void namesEveryKey() throws IOException {
        assertThat(read(switchedOn()).effective().rows())
                .filteredOn(entry -> entry.origin().equals("default"))
                .extracting(EffectiveConfiguration.Entry::key)
                .isEmpty();
    }

    /** What stands there for a key that has a default is the default. */
    @Test
    void showsEveryDefault() throws IOException {
        Map<String, String> shown = new HashMap<>();
        read(switchedOn()).effective().rows().forEach(entry -> shown.put(entry.key(), entry.value()));
        Configuration minimal = read("""
                name: shop
                source: {database: shop, user: tailrace}
                sinks:
                  - {name: warehouse, type: jdbc, url: "jdbc:postgresql://127.0.0.1:5433/warehouse"}
                  - {name: events, type: http, url: "https://127.0.0.1:8443/changes"}
                  - {name: archive, type: file, directory: /var/lib/tailrace/shop/archive}
                """);
        assertThat(minimal.findings()).isEmpty();
        assertThat(minimal.effective().rows())
                .filteredOn(entry ->
                        entry.origin().equals("default") && !entry.value().equals("-"))
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(shown).containsEntry(entry.key(), entry.value()));
    }
}
