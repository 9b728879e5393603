package dev.tailrace.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentFiles;
import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.Await;
import dev.tailrace.demo.Comparison;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.demo.ServerExtension;
import dev.tailrace.pipeline.StoredCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a data directory that are started: no target is filled from two histories (I6, I9). */
@ExtendWith(ServerExtension.class)
class RestoredCopyTest {
    private static final int FEW = 5;
    private static final int MANY = 200;

    private CrashRig rig;
    private Path copy;
    private int customers;

    @BeforeEach
    void start(EmbeddedServer server, @TempDir Path directory) throws Exception {
        rig = new CrashRig(server, server, directory);
        copy = directory.resolve("copy");
        rig.snapshotWhenNeeded();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void anOlderCopyThatHasGoneOnIsNoticedAtTheTargets() throws Exception {
        deliver(FEW);
        rig.agent.stop();
        copy(rig.files.data(), copy);
        deliver(FEW);
        rig.agent.kill();
        List<String> before = checkpoint();
        Files.move(rig.files.archive(), copy.resolve("archive")); // a target: nobody puts it back
        delete(rig.files.data());
        Files.move(copy, rig.files.data());

        rig.agent.start();
        awaitHalt(rig.agent, "warehouse", "JDBC-FENCED");
        awaitHalt(rig.agent, "archive", "FILE-FENCED");
        rig.awaitStreaming();
        insert(MANY);
        long covered = Long.parseLong(before.get(0));
        rig.await("the copy's numbers pass those of the lost journal", () -> passed(AgentFiles.EVENTS) > covered);
        rig.agent.kill();

        rig.agent.start();
        awaitHalt(rig.agent, "warehouse", "PIPELINE-DIVERGED");
        awaitHalt(rig.agent, "archive", "PIPELINE-DIVERGED");
        insert(FEW);
        assertThat(checkpoint()).isEqualTo(before);
        assertThat(rig.agent.stop()).isEqualTo(143);

        // The way out that the message names.
        try (Connection target = target();
                Statement statement = target.createStatement()) {
            statement.execute("DELETE FROM tailrace_checkpoint WHERE pipeline = '" + rig.files.name() + "/warehouse'");
            statement.execute("DO $$ DECLARE t record; BEGIN FOR t IN SELECT format('%I', tablename) AS name FROM"
                    + " pg_tables WHERE schemaname = 'public' AND tablename <> 'tailrace_checkpoint'"
                    + " LOOP EXECUTE 'TRUNCATE ' || t.name || ' CASCADE'; END LOOP; END $$");
        }
        delete(rig.files.archive());
        rig.agent.start();
        deliverRunning(FEW);
        Comparison.Result result = rig.judge.compareWarehouse();
        assertThat(result.listed()).as(rig.logs()).isEmpty();
        assertThat(result.rows()).isGreaterThan(MANY);
    }

    @Test
    void twoCopiesOfEqualEpochAreToldApartAtTheTargets() throws Exception {
        deliver(FEW);
        rig.agent.stop();
        copy(rig.files.data(), copy);
        deliver(FEW);
        Path configuration = copy.resolveSibling("copy.yaml");
        Files.writeString(configuration, configurationOfTheCopy());
        try (AgentProcess other = new AgentProcess(configuration, copy.resolveSibling("copy-logs"))) {
            other.start();
            awaitHalt(other, "warehouse", "JDBC-FENCED");
            assertThat(Files.readString(other.output())).contains("another start of the same epoch 2 is at work");
            other.kill();
            deliverRunning(FEW); // the first one is not disturbed
            rig.agent.kill();
            List<String> before = checkpoint();

            other.start(); // epoch 3: it takes over, and sees that the target holds what it never had
            awaitHalt(other, "warehouse", "PIPELINE-AHEAD");
            awaitHalt(other, "archive", "PIPELINE-AHEAD");
            other.kill();
            assertThat(checkpoint()).isEqualTo(before);
        }
        rig.agent.start(); // epoch 3 as well, but the copy holds the targets now
        awaitHalt(rig.agent, "warehouse", "JDBC-FENCED");
        rig.agent.kill();
        rig.agent.start(); // and with epoch 4 the history is the right one
        rig.awaitStreaming();
        rig.verify();
    }

    /** The same targets; its source cannot be reached, so that the slot stays with the other one. */
    private String configurationOfTheCopy() throws IOException {
        return Files.readString(rig.files.configuration())
                .replace("data-dir: \"" + rig.files.data() + "\"", "data-dir: \"" + copy + "\"")
                .replace("  port: " + rig.server.port() + "\n", "  port: " + AgentFiles.freePort() + "\n")
                .replace(":" + rig.files.adminPort() + "\"", ":" + AgentFiles.freePort() + "\"");
    }

    private void deliver(int count) throws Exception {
        rig.agent.start();
        rig.awaitStreaming();
        deliverRunning(count);
    }

    /** Commits that many transactions and waits until the warehouse and the archive have them. */
    private void deliverRunning(int count) throws Exception {
        insert(count);
        String last = email(customers);
        rig.await("the warehouse has " + last, () -> rig.targetHas("customers", "email", last));
        rig.await("the archive has " + last, () -> archiveHas(last));
    }

    private void insert(int count) throws Exception {
        try (Connection source = rig.shop.connect();
                Statement statement = source.createStatement()) {
            for (int i = 0; i < count; i++) {
                statement.execute("INSERT INTO customers (email, name) VALUES ('" + email(++customers) + "', 'x')");
            }
        }
    }

    private static String email(int number) {
        return "restored-" + number;
    }

    private boolean archiveHas(String text) throws IOException {
        try (Stream<Path> files = Files.walk(rig.files.archive())) {
            for (Path file : files.filter(f -> f.toString().contains(".jsonl")).toList()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void awaitHalt(AgentProcess agent, String sink, String code) throws Exception {
        String line = rig.files.name() + "/" + sink + ": halted: " + code + ":";
        Await.until(sink + " halts with " + code, CrashRig.PATIENCE, () -> {
            boolean halted = Files.readString(agent.output()).contains(line);
            assertThat(halted || agent.isRunning()).as(rig.logs()).isTrue();
            return halted;
        });
    }

    private long passed(String sink) {
        return StoredCheckpoints.place(rig.files.data().resolve("checkpoints"), sink)
                .map(StoredCheckpoints.Place::sequence)
                .orElse(0L);
    }

    /** Frame and its start at the warehouse. */
    private List<String> checkpoint() throws Exception {
        try (Connection target = target();
                Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("SELECT sequence, sequence_token FROM tailrace_checkpoint")) {
            assertThat(row.next()).isTrue();
            return List.of(row.getString(1), row.getString(2));
        }
    }

    private Connection target() throws Exception {
        return rig.warehouse.connect();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> found = Files.walk(from)) {
            for (Path path :
                    found.filter(f -> !f.startsWith(from.resolve("archive"))).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
