package dev.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest extends CommandLineCase {
    @TempDir
    private Path directory;

    @Test
    void theOverviewNamesEveryVerb() {
        assertThat(run("help")).isZero();
        assertThat(out).isEqualTo("""
                        Tailrace: changes of a database, delivered to HTTP, JDBC and file targets.

                        Usage: tailrace VERB [options]

                          run      run the agent until it is stopped
                          check    check the configuration, the source and the sinks; change nothing
                          init     write a configuration for the database that a URL names
                          status   show what the agent is doing
                          journal  look at the journal: info, tail, verify
                          schema   show versions of tables and planned changes of targets: list, diff, approve
                          dlq      changes that targets refused: list, show, retry, edit, skip, export, audit
                          pause    stop delivery to a sink until it is resumed
                          resume   let a paused or halted sink go on
                          orders   show what operators ordered: pause, resume, approvals, dead letters
                          offsets  show how far journal and sinks are, in the source's own words
                          demo     show it at work on a database of its own, with a kill -9 on the way
                          version  print the versions of Tailrace and its parts
                          help     show the verbs, or the help of one

                        'tailrace VERB --help' shows the options of a verb and an example.
                        """);
        String overview = out;
        assertThat(run()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).isEqualTo(overview);
        assertThat(run("--help")).isZero();
        assertThat(out).isEqualTo(overview);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run", "check", "init", "status", "journal", "schema", "dlq", "pause", "resume", "orders", "offsets",
                "demo", "version"
            })
    void everyVerbExplainsItselfWithAnExample(String verb) {
        assertThat(run(verb, "--help")).isZero();
        assertThat(out)
                .startsWith("Usage: tailrace " + verb)
                .contains("--json")
                .contains("Example:\n  tailrace " + verb);
        String help = out;
        assertThat(run("help", verb)).isZero();
        assertThat(out).isEqualTo(help);
    }

    @Test
    void anUnknownVerbIsAnsweredWithTheNearest() {
        assertThat(run("chek")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(out).isEmpty();
        assertThat(err).isEqualTo("""
                        tailrace: there is no verb "chek"; did you mean "check"?
                        'tailrace help' lists the verbs.
                        """);
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheHelpOfTheVerb() {
        assertThat(run("status", "--jsn")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("there is no option --jsn").contains("Usage: tailrace status");
    }

    @Test
    void versionNamesTheParts() throws IOException {
        assertThat(run("version")).isZero();
        assertThat(out).matches("(?s)tailrace +\\d+\\.\\d+.*java +\\d+.*debezium +3\\.6.*chronicle-queue +2026.*");
        assertThat(run("version", "--json")).isZero();
        assertThat(json().fieldNames()).toIterable().containsExactly("tailrace", "java", "debezium", "chronicle_queue");
    }

    @Test
    void checkShowsAllProblemsOfTheConfiguration() throws IOException {
        Path file = write("name: shop\nsource: {database: shop, usr: me}\nsinks: [{name: a, type: fil}]\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(out)
                .contains("1) ")
                .contains("source.usr")
                .contains("did you mean \"user\"?")
                .contains("sinks[0].type")
                .contains("did you mean \"file\"?")
                .endsWith("\nthe configuration " + file + " has 3 problems; source and sinks were not looked at\n");
        assertThat(run("check", "--json", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(json().fieldNames()).toIterable().containsExactly("configuration", "ok", "passed", "findings");
        assertThat(json().get("ok").asBoolean()).isFalse();
        assertThat(json().get("findings")).hasSize(3);
        assertThat(json().get("findings").get(0).fieldNames())
                .toIterable()
                .containsExactly("code", "subject", "message", "remedy", "severity");
        assertThat(json().get("findings").get(0).get("severity").asText()).isEqualTo("fatal");
    }

    /** A real file system that is too small, where the machine allows to mount one. */
    @Test
    void checkRefusesAPlaceThatCannotHoldAJournal() throws Exception {
        Path small = Files.createDirectories(directory.resolve("small"));
        assumeTrue(mounted("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString()), "cannot mount");
        try {
            Path file = write(valid().replace("data-dir: " + directory + "/data", "data-dir: " + small + "/new/data"));
            assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.PREFLIGHT);
            assertThat(out)
                    .contains("data-dir " + small + "/new/data: the file system of")
                    .contains("[JOURNAL-DISK-FULL]");
            assertThat(small).isEmptyDirectory();
        } finally {
            mounted("umount", small.toString());
        }
    }

    private static boolean mounted(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void runRefusesAnInvalidConfigurationWithTheSameList() throws IOException {
        Path file = write("name: shop\nsource: {database: shop, usr: me}\nsinks: [{name: a, type: fil}]\n");
        assertThat(run("run", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("has 3 problems").contains("source.usr").contains("sinks[0].type");
    }

    @Test
    void aFileThatIsMissingOrNoYamlIsOneProblem() throws IOException {
        assertThat(run("check", "-c", directory + "/none.yaml")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(out).contains("1) ").contains("none.yaml").doesNotContain("\n2) ");
        Path file = write("name: [shop\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(out).contains("1) ").doesNotContain("\n2) ");
    }

    @Test
    void statusOfAStoppedAgentSaysSo() throws IOException {
        Path file = write(valid());
        assertThat(run("status", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("ADMIN-UNREACHABLE").contains("What follows is read from the journal.");
        assertThat(out).contains("agent    shop      stopped").contains("archive  file  stopped");
        assertThat(run("status", "--json", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(json().fieldNames()).toIterable().containsExactly("agent", "source", "journal", "sinks", "warnings");
        assertThat(json().get("agent").get("state").asText()).isEqualTo("stopped");
        assertThat(json().get("sinks").get(0).get("name").asText()).isEqualTo("archive");
    }

    @Test
    void aJournalThatIsNotThereIsNamed() throws IOException {
        Path file = write(valid());
        assertThat(run("journal", "info", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err)
                .isEqualTo("tailrace: JOURNAL-MISSING: there is no journal in " + directory + "/data yet\n"
                        + "  It is created by the first start of the agent.\n");
        assertThat(run("journal", "info", "--json", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(json().get("error").get("code").asText()).isEqualTo("JOURNAL-MISSING");
        assertThat(run("schema", "list", "-c", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("JOURNAL-MISSING");
        assertThat(run("schema", "diff", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err).contains("schema takes list, diff TABLE [FROM TO] or approve TABLE");
        assertThat(run("journal", "inf", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
    }

    private String valid() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        return "name: shop\ndata-dir: " + directory + "/data\nsource: {database: shop, user: me}\n"
                + "sinks: [{name: archive, type: file, directory: " + directory + "/archive}]\n"
                + "admin: {listen: \"127.0.0.1:" + port + "\"}\n";
    }

    private Path write(String yaml) throws IOException {
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(file, yaml);
        return file;
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out);
    }
}
