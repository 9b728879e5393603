package dev.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private Configuration read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Configuration read(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("tailrace.yaml"), bytes);
        Map<String, String> environment =
                Map.of("PW", "hunter2", "HOST", "db", "CREDENTIALS", directory.toString(), "EMPTY", "", "N", "x1");
        return new ConfigurationReader(environment::get).read(file);
    }

    private static String report(Configuration configuration) {
        return FindingReport.of(configuration.findings());
    }

    @Test
    void readsEveryKindOfValue() throws IOException {
        Configuration configuration = read("""
                \uFEFFname: shop
                port: 5433
                on: true
                wait: 5s
                limit: 64MiB
                tables: ["public.*", other.t]
                one: single
                mode: upsert
                source: {host: 127.0.0.1}
                sinks:
                  - name: a
                  - name: b
                debezium: {snapshot.fetch.size: 100, flag: yes}
                """);
        Settings root = configuration.root();
        assertThat(root.text("name")).isEqualTo("shop");
        assertThat(root.number("port", 1, 1, 65535)).isEqualTo(5433);
        assertThat(root.flag("on", false)).isTrue();
        assertThat(root.duration("wait", DAY, Duration.ofMillis(1), DAY)).isEqualTo(Duration.ofSeconds(5));
        assertThat(root.size("limit", new DataSize(1), new DataSize(1), DataSize.ofGibibytes(1)))
                .isEqualTo(DataSize.ofMebibytes(64));
        assertThat(root.texts("tables", List.of())).containsExactly("public.*", "other.t");
        assertThat(root.texts("one", List.of())).containsExactly("single");
        assertThat(root.choice("mode", "append", List.of("upsert", "append"))).isEqualTo("upsert");
        assertThat(root.nested("source").text("host")).isEqualTo("127.0.0.1");
        assertThat(root.list("sinks"))
                .extracting(s -> s.path() + "=" + s.text("name"))
                .containsExactly("sinks[0]=a", "sinks[1]=b");
        assertThat(root.passThrough("debezium"))
                .containsExactly(Map.entry("snapshot.fetch.size", "100"), Map.entry("flag", "yes"));
        assertThat(report(configuration)).isEmpty();
    }

    @Test
    void givesDefaultsForWhatIsNotWritten() throws IOException {
        Configuration configuration = read("name: shop");
        Settings root = configuration.root();
        root.text("name");
        assertThat(root.text("title", "t")).isEqualTo("t");
        assertThat(root.optionalText("target")).isEmpty();
        assertThat(root.secret("password")).isEmpty();
        assertThat(root.nested("admin").duration("timeout", DAY, DAY, DAY)).isEqualTo(DAY);
        assertThat(root.list("sinks")).isEmpty();
        assertThat(report(configuration)).isEmpty();
        assertThat(configuration.effective().rows())
                .containsExactly(
                        new EffectiveConfiguration.Entry("name", "shop", "line 1"),
                        new EffectiveConfiguration.Entry("title", "t", "default"),
                        new EffectiveConfiguration.Entry("target", "-", "default"),
                        new EffectiveConfiguration.Entry("password", "-", "default"),
                        new EffectiveConfiguration.Entry("admin.timeout", "1d", "default"));
    }

    @Test
    void reportsAllProblemsAtOnceNumberedInTheOrderOfTheFile() throws IOException {
        Configuration configuration = read("""
                nmae: shop
                port: 70000
                wait: 5
                limit: huge
                mode: upsrt
                on: yes
                source: here
                sinks: {name: a}
                """);
        Settings root = configuration.root();
        root.text("name");
        root.number("port", 1, 1, 65535);
        root.duration("wait", DAY, DAY, DAY);
        root.size("limit", new DataSize(1), new DataSize(1), new DataSize(2));
        root.choice("mode", "append", List.of("upsert", "append"));
        root.flag("on", false);
        root.nested("source");
        root.list("sinks");
        assertThat(report(configuration)).isEqualTo("""
                1) nmae: is not a known key (line 1) [CONFIG-UNKNOWN-KEY]
                   did you mean "name"?
                2) port: "70000" is not between 1 and 65535 (line 2) [CONFIG-VALUE]
                3) wait: "5" is not a time; write a whole number with a unit, such as 500ms, 5s, 10m, 12h or 7d (line 3) [CONFIG-VALUE]
                4) limit: "huge" is not a size; write a whole number with a unit, such as 64MiB or 20GiB (line 4) [CONFIG-VALUE]
                5) mode: "upsrt" is not one of upsert, append; did you mean "upsert"? (line 5) [CONFIG-VALUE]
                6) on: "yes" is neither true nor false (line 6) [CONFIG-VALUE]
                7) source: is a single value, but keys belong below it (line 7) [CONFIG-VALUE]
                8) sinks: is a mapping, but a list belongs here (line 8) [CONFIG-VALUE]
                   begin each entry with a dash: - name: ...
                9) name: is missing, and has no default [CONFIG-MISSING]
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                       | is empty
            ~# only a comment~       | is empty
            ~- a list~               | is not a mapping
            ~just words~             | is not a mapping
            ~a: 1\\n\\tb: 2~         | with tabs
            ~a: [1, 2~               | is not valid YAML
            ~a: 1\\n---\\nb: 2~      | second document
            ~a: &x [1]\\nb: *x~      | holds an anchor
            ~tables: [*.*]~          | put values with any of
            ~tables: [*]~            | put values with any of
            ~a: *b~                  | holds an alias
            ~a: !!java.net.URL x~    | holds a tag
            ~a: "\\0"~               | is not valid YAML
            """)
    void refusesWhatIsNoConfigurationWithoutFurtherComplaints(String text, String message) throws IOException {
        String document = text.trim().replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
        Configuration configuration = read(document);
        configuration.root().text("name");
        assertThat(configuration.isReadable()).isFalse();
        assertThat(configuration.findings()).hasSize(1);
        assertThat(report(configuration)).contains(message.trim());
    }

    @Test
    void refusesFilesThatAreNoText() throws IOException {
        assertThat(report(read("name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1))))
                .contains("not UTF-8", "line 1");
        assertThat(report(read("\uFEFFname: x".getBytes(StandardCharsets.UTF_16BE))))
                .contains("UTF-16");
        assertThat(report(read(new byte[(1 << 20) + 1]))).contains("larger than 1 MiB");
        ConfigurationReader reader = new ConfigurationReader(name -> null);
        assertThat(report(reader.read(directory))).contains("is a directory");
        assertThat(report(reader.read(directory.resolve("none.yaml"))))
                .contains("does not exist", "conf/tailrace.yaml");
    }

    @Test
    void survivesAnAliasBombAndDeepNesting() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        assertThat(read(bomb.toString()).isReadable()).isFalse();
        assertThat(report(read("a: " + "[".repeat(100_000)))).contains("is not valid YAML");
    }

    @Test
    void namesBothLinesOfARepeatedKey() throws IOException {
        Configuration configuration = read("source:\n  host: a\n  host: b\n");
        assertThat(configuration.root().nested("source").text("host")).isEqualTo("a");
        assertThat(report(configuration)).contains("source.host: is written twice, first in line 2 (line 3)");
    }

    @Test
    void replacesReferencesAnywhere() throws IOException {
        Files.writeString(directory.resolve("pw"), "s3cret\n");
        Configuration configuration = read("""
                host: ${env:HOST}
                url: jdbc:postgresql://${env:HOST}/x?user=u&password=${env:PW}
                password: ${file:${env:CREDENTIALS}/pw}
                relative: ${file:pw}
                literal: a$${env:HOST}b
                """);
        Settings root = configuration.root();
        assertThat(root.text("host")).isEqualTo("db");
        assertThat(root.text("url")).isEqualTo("jdbc:postgresql://db/x?user=u&password=hunter2");
        assertThat(root.secret("password").map(Secret::reveal)).isEqualTo(Optional.of("s3cret"));
        assertThat(root.text("relative")).isEqualTo("s3cret");
        assertThat(root.text("literal")).isEqualTo("a${env:HOST}b");
        assertThat(report(configuration)).isEmpty();
        assertThat(configuration.effective().table())
                .contains("line 1, env HOST")
                .contains("jdbc:postgresql://db/x?user=u&password=********")
                .doesNotContain("hunter2", "s3cret");
    }

    @Test
    void namesTheKeyOfAMissingSecret() throws IOException {
        Configuration configuration = read("""
                a: ${env:NOPE}
                b: ${file:/does/not/exist}
                c: ${vault:x}
                d: ${env:PW
                e: ""
                f:
                """);
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            configuration.root().secret(key);
        }
        assertThat(report(configuration))
                .contains("a: needs the environment variable NOPE, which is not set (line 1) [CONFIG-SECRET]")
                .contains("b: needs the file /does/not/exist, which does not exist (line 2)")
                .contains("c: has a reference other than ${env:NAME} and ${file:/path}")
                .contains("d: has a ${ without its }")
                .contains("e: is empty (line 5)")
                .contains("f: has no value (line 6)");
        assertThat(configuration.findings()).hasSize(6);
    }

    @Test
    void neverShowsASecretInAProblem() throws IOException {
        Configuration configuration = read("""
                password: [hunter2]
                token: hunter2
                port: ${env:PW}
                url: http://u:hunter2@host/
                options: {ssl.password: hunter2, header: "${env:PW}", plain: shown}
                """);
        Settings root = configuration.root();
        root.secret("password");
        root.number("token", 1, 1, 2);
        root.number("port", 1, 1, 2);
        root.text("url");
        root.problem("url", "is not https");
        root.passThrough("options");
        assertThat(report(configuration))
                .contains("port: \"${env:PW}\" is not a whole number", "url: \"http://u:********@host/\" is not https")
                .doesNotContain("hunter2");
        assertThat(configuration.effective().table()).contains("shown").doesNotContain("hunter2");
    }

    @Test
    void doesNotJudgeTheKeysOfAnUnknownType() throws IOException {
        Configuration configuration = read("sinks: [{type: jdbcc, url: x}, {type: jdbc, urll: x}]");
        for (Settings sink : configuration.root().list("sinks")) {
            if (sink.choice("type", "jdbc", List.of("jdbc", "http")).equals("jdbc") && sink.has("urll")) {
                sink.text("url", "y");
            }
        }
        assertThat(report(configuration))
                .contains("sinks[0].type: \"jdbcc\" is not one of jdbc, http; did you mean \"jdbc\"?")
                .contains("sinks[1].urll: is not a known key", "did you mean \"url\"?")
                .doesNotContain("sinks[0].url:");
    }
}
