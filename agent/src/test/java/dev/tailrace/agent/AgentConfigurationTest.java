package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import dev.tailrace.config.DataSize;
import dev.tailrace.config.Finding;
import dev.tailrace.event.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigurationTest {
    private static final String WHOLE = """
            name: shop
            data-dir: /var/lib/tailrace/shop
            source:
              type: postgres
              host: 127.0.0.1
              database: shop
              user: tailrace
              password: ${env:SHOP_PASSWORD}
              tables: ["public.*"]
            journal: {retention: 3d, max-size: 5GiB, reserve: 512MiB}
            sinks:
              - name: archive
                type: file
                directory: /var/lib/tailrace/shop/archive
                tables: ["public.orders"]
            admin: {listen: "127.0.0.1:9480"}
            """;

    @TempDir
    private Path directory;

    @Test
    void readsTheWholeFile() throws IOException {
        Configuration configuration = read(WHOLE);
        AgentConfiguration agent = AgentConfiguration.read(configuration);
        assertThat(configuration.findings()).isEmpty();
        assertThat(agent.name()).isEqualTo("shop");
        assertThat(agent.dataDirectory()).isEqualTo(Path.of("/var/lib/tailrace/shop"));
        assertThat(agent.source().description()).isEqualTo("postgres 127.0.0.1:5432/shop");
        assertThat(agent.source().settings().password().reveal()).isEqualTo("hidden");
        assertThat(agent.journal().retention()).isEqualTo(Duration.ofDays(3));
        assertThat(agent.journal().maximumSize()).isEqualTo(DataSize.ofGibibytes(5));
        assertThat(agent.sinks()).singleElement().satisfies(sink -> {
            assertThat(sink.type()).isEqualTo("file");
            assertThat(sink.wanted().test(new TableId("public", "orders"))).isTrue();
            assertThat(sink.wanted().test(new TableId("public", "customers"))).isFalse();
        });
        assertThat(agent.admin().listen()).isEqualTo("127.0.0.1:9480");
        assertThat(configuration.effective().table())
                .contains("source.password")
                .doesNotContain("hidden");
    }

    @Test
    void everyDefaultIsKnown() throws IOException {
        Configuration configuration = read("""
                name: shop
                source: {database: shop, user: tailrace}
                sinks:
                  - {name: archive, type: file, directory: /srv/archive}
                """);
        AgentConfiguration agent = AgentConfiguration.read(configuration);
        assertThat(configuration.findings()).isEmpty();
        assertThat(agent.dataDirectory()).isEqualTo(Path.of("/var/lib/tailrace/shop"));
        assertThat(agent.journal().retention()).isEqualTo(Duration.ofDays(7));
        assertThat(agent.journal().maximumSize()).isEqualTo(DataSize.ofGibibytes(20));
        assertThat(agent.journal().reserve()).isEqualTo(DataSize.ofGibibytes(1));
        assertThat(agent.admin().listen()).isEqualTo("127.0.0.1:9480");
        assertThat(agent.admin().token()).isEmpty();
        assertThat(agent.sinks().get(0).tables()).containsExactly("public.*");
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() throws IOException {
        assertThat(problems("""
                        name: my shop
                        data-dir: var/data
                        sorce: {}
                        source:
                          database: shop
                          user: tailrace
                          tables: ["public.*"]
                          prt: 5432
                        journal: {retention: 3 weeks, max-size: 1KB}
                        sinks:
                          - {name: a, type: file, directory: /srv/a}
                          - {name: a, type: file, directory: /srv/./a}
                          - {name: b, type: kafka, brokers: none}
                          - {type: file, directory: /srv/c, tables: ["sales.*", "public.orders"]}
                          - {name: d}
                        admin: {listen: "0.0.0.0:9480"}
                        """))
                .extracting(Finding::subject)
                .contains(
                        "name",
                        "data-dir",
                        "sorce",
                        "source.prt",
                        "journal.retention",
                        "journal.max-size",
                        "sinks[1].name",
                        "sinks[1].directory",
                        "sinks[2].type",
                        "sinks[3].name",
                        "sinks[3].tables",
                        "sinks[4].type",
                        "admin.token")
                .doesNotContain("sinks[2].brokers")
                .hasSize(13);
    }

    @Test
    void aMaskForATableThatNeverComesIsAMistake() throws IOException {
        assertThat(problems("""
                        name: shop
                        source: {database: shop, user: tailrace, tables: ["public.*"]}
                        sinks:
                          - name: a
                            type: file
                            directory: /srv/a
                            tables: ["public.orders", "public.customers"]
                            mask-key: a-long-enough-secret
                            columns: {public.custmers: {hash: [email]}, public.customers: {hash: [email]}}
                            where: {public.order: "id = 1", public.orders: "id = 1"}
                            keys: {shop.orders: [id]}
                        """))
                .extracting(Finding::subject)
                .containsExactlyInAnyOrder(
                        "sinks[0].columns.public.custmers", "sinks[0].where.public.order", "sinks[0].keys.shop.orders");
    }

    @Test
    void anAgentWithoutSinksIsNone() throws IOException {
        assertThat(problems("name: shop\nsource: {database: shop, user: tailrace}\n"))
                .extracting(Finding::subject)
                .containsExactly("sinks");
    }

    @Test
    void aTokenMakesOtherAddressesUsable() throws IOException {
        String base = "name: shop\nsource: {database: shop, user: tailrace}\n"
                + "sinks: [{name: a, type: file, directory: /srv/a}]\n";
        assertThat(problems(base + "admin: {listen: \"0.0.0.0:9480\", token: \"a-long-enough-secret\"}"))
                .isEmpty();
        assertThat(problems(base + "admin: {listen: \"0.0.0.0:9480\", token: short}"))
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).doesNotContain("\"short\""));
        assertThat(problems(base + "admin: {listen: \"[::1]:9480\"}")).isEmpty();
        assertThat(problems(base + "admin: {listen: localhost}"))
                .extracting(Finding::subject)
                .containsExactly("admin.listen");
    }

    @Test
    void globsMeetWhenATableCanMatchBoth() {
        TableGlobs globs = new TableGlobs(List.of("public.*", "sales.order?"));
        assertThat(globs.overlaps("*.orders")).isTrue();
        assertThat(globs.overlaps("sales.orders")).isTrue();
        assertThat(globs.overlaps("sales.o*s")).isTrue();
        assertThat(globs.overlaps("sales.customers")).isFalse();
        assertThat(globs.overlaps("Public.orders")).isFalse();
        assertThat(globs.test(new TableId("public", "a.b"))).isTrue();
        assertThat(globs.test(new TableId("sales", "orders"))).isTrue();
        assertThat(globs.test(new TableId("sales", "order"))).isFalse();
        assertThat(globs.test(new TableId("Public", "orders"))).isFalse();
    }

    private List<Finding> problems(String yaml) throws IOException {
        Configuration configuration = read(yaml);
        AgentConfiguration.read(configuration);
        return configuration.findings();
    }

    private Configuration read(String yaml) throws IOException {
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(file, yaml);
        return new ConfigurationReader(Map.of("SHOP_PASSWORD", "hidden")::get).read(file);
    }
}
