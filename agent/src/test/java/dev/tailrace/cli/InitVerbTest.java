package dev.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import dev.tailrace.config.EffectiveConfiguration;
import dev.tailrace.config.FindingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitVerbTest extends CommandLineCase {
    /** Stands in a URL as its password: no output and no file may hold it. */
    private static final String PASSWORD = "Hush-1";

    @TempDir
    private Path directory;

    private Path file;
    private final Set<String> asked = new HashSet<>();

    @BeforeEach
    void name() {
        file = directory.resolve("shop.yaml");
    }

    /** Reads the written file as an agent does; fails when anything is wrong with it. */
    private Map<String, String> written() throws IOException {
        return read(file);
    }

    private Map<String, String> read(Path path) throws IOException {
        Configuration configuration = new ConfigurationReader(variable -> {
                    asked.add(variable);
                    return "secret";
                })
                .read(path);
        AgentConfiguration.read(configuration);
        assertThat(FindingReport.of(configuration.findings())).isEmpty();
        return configuration.effective().rows().stream()
                .collect(Collectors.toMap(EffectiveConfiguration.Entry::key, EffectiveConfiguration.Entry::value));
    }

    @Test
    void writesAValidConfigurationForPostgres() throws IOException {
        assertThat(init("postgres://tailrace@db.example:5433/shop")).isZero();
        assertThat(written())
                .containsEntry("name", "shop")
                .containsEntry("data-dir", "/var/lib/tailrace/shop")
                .containsEntry("source.type", "postgres")
                .containsEntry("source.host", "db.example")
                .containsEntry("source.port", "5433")
                .containsEntry("source.database", "shop")
                .containsEntry("source.user", "tailrace")
                .containsEntry("source.tables", "public.*")
                .containsEntry("sinks[0].directory", "/var/lib/tailrace/shop/archive")
                .containsEntry("admin.listen", "127.0.0.1:9480");
        assertThat(asked).containsExactly("SHOP_PASSWORD");
        assertThat(out).isEqualTo("""
                wrote %1$s

                Next:
                  set SHOP_PASSWORD in the environment to the password of user tailrace
                  tailrace check -c %1$s
                  tailrace run -c %1$s
                """.formatted(file));
    }

    @Test
    void writesAValidConfigurationForMySql() throws IOException {
        assertThat(init("mysql://me@127.0.0.1/shop")).isZero();
        assertThat(written())
                .containsEntry("source.type", "mysql")
                .containsEntry("source.port", "3306")
                .containsEntry("source.user", "me")
                .containsEntry("source.tables", "shop.*")
                .doesNotContainKey("source.database");
    }

    /** As with the shipped example: a # that no blank follows, or the two of a list entry's indent, hides a key. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres://me@h/shop", "mysql://me@h/shop"})
    void isValidWithAllExamplesSwitchedOn(String url) throws IOException {
        assertThat(init(url)).isZero();
        Path all = directory.resolve("all.yaml");
        Files.writeString(all, Files.readString(file).replaceAll("(?m)^( *)#(?=\\S|  )", "$1"));
        assertThat(read(all))
                .containsValues("archive", "warehouse", "events")
                .containsEntry("source.ssl-mode", "prefer");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "postgresql://me@h/shop, h, 5432, me, shop",
                "jdbc:postgresql://h:6000/shop?user=me&password=Hush-1, h, 6000, me, shop",
                "POSTGRES://me:Hush-1@h/shop/, h, 5432, me, shop",
                "postgres://me:Hush-1@[::1]/shop, [::1], 5432, me, shop",
                "postgres://me@[fe80::1:2]:6543/shop, [fe80::1:2], 6543, me, shop",
                "postgres://a%40b%3Ac%25:x%2FHush-1@h/sh%20op%22%5C%27, h, 5432, a@b:c%, |sh op\"\\'|",
                "postgres://me@corp:Hush-1@h/shop, h, 5432, me@corp, shop",
                "postgres://%C3%BCser@my_host/caf%C3%A9, my_host, 5432, üser, café",
                "postgres://a+b@h/%24%7Benv%3AHOME%7D, h, 5432, a+b, ${env:HOME}",
                "postgres://yes@h/no, h, 5432, yes, no",
                "postgres://1@h/007, h, 5432, 1, 007",
                "postgres://%2A%26%7B@h/%23%5B%21, h, 5432, *&{, #[!"
            })
    void takesOddNamesApart(String url, String host, String port, String user, String database) throws IOException {
        assertThat(init(url)).isZero();
        assertThat(written())
                .containsEntry("source.host", host)
                .containsEntry("source.port", port)
                .containsEntry("source.user", user)
                .containsEntry("source.database", database);
        assertThat(out + Files.readString(file)).doesNotContain(PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({"a%2Eb%2Ac,a?b?c.*,a-b-c", "sh%20op,sh op.*,sh-op", "%C3%A9,é.*,tailrace", "-x-,-x-.*,x"})
    void matchesADatabaseOfMySqlWhateverItsName(String database, String glob, String name) throws IOException {
        assertThat(init("mysql://me@h/" + database)).isZero();
        assertThat(written()).containsEntry("source.tables", glob).containsEntry("name", name);
    }

    @Test
    void neverWritesThePasswordAndSaysWhereItGoes() throws IOException {
        String url = "mysql://me:" + PASSWORD + "@h/shop?useCompression=true&sslMode=VERIFY_IDENTITY";
        assertThat(init(url, "--name", "7-x")).isZero();
        assertThat(written()).containsEntry("source.ssl-mode", "verify-full").containsEntry("name", "7-x");
        assertThat(asked).containsExactly("DB_7_X_PASSWORD");
        assertThat(Files.readString(file)).doesNotContain(PASSWORD).contains("password: ${env:DB_7_X_PASSWORD}");
        assertThat(out)
                .contains("note: the URL's password was not written; the file takes it from DB_7_X_PASSWORD\n")
                .contains("no place for these parameters of the URL: useCompression\n")
                .doesNotContain(PASSWORD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "shop; begins with postgres://, postgresql:// or mysql://",
                "oracle://me:Hush-1@h/shop; begins with postgres://",
                "mariadb://me:Hush-1@h/shop; MariaDB is a target, not a source",
                "postgres://me:Hush-1@/shop; names no host",
                "postgres://h/shop; names no user",
                "postgres://me:Hush-1@h; names no database",
                "mysql://me@h/; names no database",
                "mysql://me@a,b/shop; several hosts",
                "mysql://me@h:0/shop; port is not a number",
                "mysql://me@h:70000/shop; port is not a number",
                "mysql://me@h:/shop; port is not a number",
                "mysql://me@::1/shop; an IPv6 address stands in brackets",
                "mysql://me@[::1/shop; an IPv6 address stands in brackets",
                "mysql://me@h%41/shop; neither a name nor an address",
                "mysql://me@h/a/b; more than the name of one database",
                "postgres://me:Hush-1/2@h/shop; an @ or a # behind its host",
                "postgres://me:1/Hush-1@h/shop; an @ or a # behind its host",
                "postgres://me:1?Hush-1=2@h/shop; an @ or a # behind its host",
                "postgres://me:1#Hush-1@h/shop; an @ or a # behind its host",
                "postgres://me@h/shop?Hush%2D1!=1; a parameter whose name is not one",
                "postgres://me%4@h/shop; without two hexadecimal digits",
                "postgres://me@h/%FF; not UTF-8",
                "postgres://me@h/a%0Ab; control character",
                "postgres://me@h/shop?sslmode=Hush-1; sslmode is none"
            })
    void answersABadUrlWithOneClearError(String url, String message) {
        assertThat(init(url)).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).startsWith("tailrace: INIT-URL: ").contains(message).doesNotContain("Hush");
        assertThat(out).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void replacesNoFileUnlessToldTo() throws IOException {
        Files.writeString(file, "mine");
        assertThat(init("mysql://me@h/shop")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("INIT-EXISTS").contains("--force");
        assertThat(file).hasContent("mine");
        assertThat(init("mysql://me@h/shop", "--force")).isZero();
        assertThat(written()).containsEntry("source.type", "mysql");
        file = directory.resolve("none/shop.yaml");
        assertThat(init("mysql://me@h/shop")).isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("INIT-WRITE").contains("there is no directory " + directory + "/none");
    }

    @Test
    void refusesAWrongCommandLine() {
        assertThat(run("init")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("USAGE: init takes one URL");
        assertThat(run("init", "mysql://a@b/c", "mysql://a@b/d")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(init("mysql://me@h/shop", "--forse")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("there is no option --forse");
        assertThat(init("mysql://me@h/shop", "--name", "a b")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("--name is not");
        assertThat(file).doesNotExist();
    }

    @Test
    void printsJson() throws IOException {
        String url = "postgres://me:" + PASSWORD + "@h:1/shop";
        assertThat(init(url, "--json", "--data-dir", directory + "/d")).isZero();
        JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json.fieldNames()).toIterable().containsExactly("file", "name", "source", "next");
        assertThat(json.get("source").fieldNames()).toIterable().containsExactly("type", "host", "port");
        assertThat(json.get("source").get("port").asInt()).isEqualTo(1);
        assertThat(json.get("file").asText()).isEqualTo(file.toString());
        assertThat(json.get("next")).hasSize(3);
        assertThat(out).doesNotContain(PASSWORD);
        assertThat(written()).containsEntry("data-dir", directory + "/d");
    }

    private int init(String url, String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "init";
        args[1] = url;
        args[2] = "-o";
        args[3] = file.toString();
        System.arraycopy(more, 0, args, 4, more.length);
        return run(args);
    }
}
