package dev.tailrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.admin.AdminServer;
import dev.tailrace.admin.AdminSettings;
import dev.tailrace.admin.AdminView;
import dev.tailrace.admin.AdminView.Approval;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.config.DataSize;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code schema approve} makes of a running agent's answers, of which each sink gives its own. */
class SchemaVerbTest extends CommandLineCase {
    @TempDir
    private Path directory;

    @BeforeEach
    void journal() throws Exception {
        JournalSettings settings = new JournalSettings(
                Duration.ofDays(7), DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(64));
        try (DataDirectory data = DataDirectory.claim(directory.resolve("data"), Instant.EPOCH);
                Journal journal = Journals.open(data, settings, InstantSource.system())) {
            journal.appender().start(Map.of());
            journal.appender().force();
        }
    }

    @Test
    void oneSinkThatDoesNotKnowYetKeepsNoOtherFromGoingOn() throws Exception {
        Map<String, Approval> answers = Map.of("first", Approval.UNKNOWN, "second", Approval.GIVEN);
        assertThat(approve(answers)).as(err).isEqualTo(ExitCode.DONE);
        assertThat(out).contains("approved at second").doesNotContain("first");
    }

    @Test
    void nobodyIsToldThatNothingIsHeldWhileThatIsNotKnown() throws Exception {
        assertThat(approve(Map.of("first", Approval.NOT_HELD, "second", Approval.UNKNOWN)))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("ADMIN-NOT-YET");
        assertThat(approve(Map.of("first", Approval.NOT_HELD, "second", Approval.NOT_HELD)))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err).contains("SCHEMA-NOT-HELD");
    }

    private int approve(Map<String, Approval> answers) throws Exception {
        AdminView agent = new AdminView() {
            @Override
            public boolean alive() {
                return true;
            }

            @Override
            public StatusReport status() {
                throw new UnsupportedOperationException();
            }

            @Override
            public String metrics() {
                return "";
            }

            @Override
            public Approval approve(String sink, String table, String operator) {
                assertThat(table).isEqualTo("public.orders");
                return answers.get(sink);
            }

            @Override
            public boolean order(SinkOrder order, String sink, String operator, String reason) {
                throw new UnsupportedOperationException();
            }
        };
        try (AdminServer server = AdminServer.start(new AdminSettings("127.0.0.1", 0, Optional.empty()), agent)) {
            return run("schema", "approve", "public.orders", "-c", configuration(server.port()));
        }
    }

    private String configuration(int port) throws Exception {
        StringBuilder text = new StringBuilder(
                "name: shop\ndata-dir: " + directory.resolve("data")
                        + "\nsource: {type: postgres, database: shop, user: me, password: unused, tables: [\"public.*\"]}\nsinks:\n");
        for (String sink : new String[] {"first", "second"}) {
            text.append("  - {name: " + sink
                    + ", type: jdbc, url: \"jdbc:postgresql://127.0.0.1:1/none\", user: me, password: unused}\n");
        }
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(file, text + "admin: {listen: \"127.0.0.1:" + port + "\"}\n");
        return file.toString();
    }
}
