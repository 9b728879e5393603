package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.config.Secret;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    private static final Tail NEW = new Tail(Optional.empty(), Tail.Snapshot.NONE, -1, 0, Map.of(), 0);

    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, name text)");
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    private static List<Finding> preflight(PostgresSettings settings, Optional<Tail> tail) {
        return new PostgresSource(settings).preflight(tail);
    }

    private static PostgresSettings at(int port, String database, String user, String password) {
        return new PostgresSettings(
                new SourceSettings(
                        "postgres",
                        "localhost",
                        port,
                        user,
                        new Secret(password),
                        List.of("a.b"),
                        SnapshotMode.INITIAL,
                        "disable",
                        Duration.ofSeconds(2),
                        Map.of()),
                database,
                "s");
    }

    private Finding only(PostgresSettings settings, Tail tail) {
        List<Finding> findings = preflight(settings, Optional.of(tail));
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void findsNothingAtAHealthySource() {
        assertThat(preflight(source.settings("public.*"), Optional.of(NEW))).isEmpty();
    }

    @Test
    void tellsAnUnreachableServerFromARefusedLoginAndAMissingDatabase() throws Exception {
        PostgresSettings good = source.settings("public.*");
        PostgresSettings deaf = at(1, "x", "u", "p");
        assertThat(only(deaf, NEW))
                .extracting(Finding::code, Finding::severity)
                .containsExactly("SOURCE-UNREACHABLE", Severity.TRANSIENT);
        PostgresSettings nowhere = at(SourceServer.port(), "nowhere", "postgres", "postgres");
        assertThat(only(nowhere, NEW).code()).isEqualTo("SOURCE-DATABASE-MISSING");
        PostgresSettings stranger =
                source.settings("nobody", "wrong", good.common().snapshot(), "public.*");
        Finding refused = only(stranger, NEW);
        assertThat(refused.code()).isEqualTo("SOURCE-LOGIN-REFUSED");
        assertThat(refused.toString()).doesNotContain("wrong");
    }

    @Test
    void namesEveryMissingRightWithItsStatementAtOnce() throws Exception {
        String user = "weak_" + source.database();
        source.run(
                "CREATE ROLE " + user + " LOGIN PASSWORD 'w'",
                "REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) FROM PUBLIC",
                "CREATE SCHEMA \"S x\"",
                "CREATE TABLE \"S x\".\"T \"\"q\"\" t\" (id int PRIMARY KEY)");
        List<Finding> findings =
                preflight(source.settings(user, "w", SnapshotMode.INITIAL, "public.*", "S x.*"), Optional.of(NEW));
        assertThat(codes(findings))
                .containsExactlyInAnyOrder(
                        "SOURCE-REPLICATION-RIGHT",
                        "SOURCE-MESSAGE-RIGHT",
                        "SOURCE-SELECT-RIGHT",
                        "SOURCE-PUBLICATION-RIGHT");
        // each remedy, run by the owner, mends its finding
        for (Finding finding : findings) {
            source.run(finding.remedy().replaceFirst("^as a superuser or the tables' owner: ", ""));
        }
        assertThat(preflight(source.settings(user, "w", SnapshotMode.INITIAL, "public.*", "S x.*"), Optional.of(NEW)))
                .isEmpty();
    }

    @Test
    void namesTablesThatWouldFailAtTheSourceOncePublished() throws Exception {
        source.run(
                "CREATE TABLE nokey (a int)",
                "CREATE TABLE nothing (a int PRIMARY KEY)",
                "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                "CREATE TABLE other (a int PRIMARY KEY, b int NOT NULL UNIQUE)",
                "ALTER TABLE other REPLICA IDENTITY USING INDEX other_b_key",
                "CREATE UNLOGGED TABLE fleeting (a int PRIMARY KEY)",
                "CREATE TABLE keyless (a int)",
                "ALTER TABLE keyless REPLICA IDENTITY FULL",
                "CREATE TABLE twice (a int PRIMARY KEY, \"A\" int)");
        List<Finding> findings = preflight(source.settings("public.*"), Optional.of(NEW));
        assertThat(codes(findings))
                .containsExactlyInAnyOrder(
                        "SOURCE-NO-KEY",
                        "SOURCE-IDENTITY-NOTHING",
                        "SOURCE-IDENTITY-INDEX",
                        "SOURCE-UNLOGGED",
                        "SOURCE-KEYLESS",
                        "SOURCE-NAME-UNUSABLE");
        assertThat(findings)
                .filteredOn(finding -> finding.code().equals("SOURCE-IDENTITY-NOTHING"))
                .singleElement()
                .extracting(Finding::remedy)
                .isEqualTo("ALTER TABLE \"public\".\"nothing\" REPLICA IDENTITY DEFAULT;");
        assertThat(codes(preflight(source.settings("none.*"), Optional.of(NEW))))
                .containsExactly("SOURCE-NO-TABLE");
    }

    @Test
    void stopsAtEveryKindOfGap() throws Exception {
        PostgresSettings settings = source.settings("public.*");
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            rig.stop();
            Tail tail = rig.journal().durableTail();
            assertThat(preflight(settings, Optional.of(tail))).isEmpty();
            long lsn = tail.offset().orElseThrow().position().offset();

            assertThat(only(settings, NEW).code()).isEqualTo("SOURCE-JOURNAL-LOST");
            assertThat(only(settings, at(tail, 1)).code()).isEqualTo("SOURCE-SLOT-AHEAD");
            assertThat(only(settings, at(tail, lsn + (1L << 40))).code()).isEqualTo("SOURCE-BEHIND-JOURNAL");
            assertThat(only(settings, with(tail, "system", "1")).code()).isEqualTo("SOURCE-SYSTEM-CHANGED");
            assertThat(only(settings, with(tail, "timeline", "9")).code()).isEqualTo("SOURCE-TIMELINE-CHANGED");
            assertThat(only(settings, with(tail, "database", "x")).code()).isEqualTo("SOURCE-DATABASE-CHANGED");
            assertThat(only(settings, with(tail, "slot", "x")).code()).isEqualTo("SOURCE-SLOT-CHANGED");

            String publication = settings.publication();
            source.run("ALTER PUBLICATION " + publication + " DROP TABLE item");
            assertThat(only(settings, tail).code()).isEqualTo("SOURCE-PUBLICATION-TABLE");
            source.run("ALTER PUBLICATION " + publication + " ADD TABLE item");
            assertThat(only(settings, tail).code()).isEqualTo("SOURCE-PUBLICATION-TABLE");
            source.run("DROP PUBLICATION " + publication);
            assertThat(only(settings, tail).code()).isEqualTo("SOURCE-PUBLICATION-MISSING");
            source.run("CREATE PUBLICATION " + publication + " FOR TABLE item WITH (publish_via_partition_root)");
            assertThat(only(settings, tail).code()).isEqualTo("SOURCE-PUBLICATION-CHANGED");

            source.run("SELECT pg_drop_replication_slot('" + settings.slot() + "')");
            source.run("SELECT pg_create_logical_replication_slot('" + settings.slot() + "', 'pgoutput')");
            assertThat(codes(preflight(settings, Optional.of(tail)))).contains("SOURCE-SLOT-AHEAD"); // made anew
            source.run("SELECT pg_drop_replication_slot('" + settings.slot() + "')");
            assertThat(codes(preflight(settings, Optional.of(tail)))).contains("SOURCE-SLOT-MISSING");
            source.run("SELECT pg_create_physical_replication_slot('" + settings.slot() + "')");
            assertThat(codes(preflight(settings, Optional.of(NEW)))).contains("SOURCE-SLOT-FOREIGN");
            source.run("SELECT pg_drop_replication_slot('" + settings.slot() + "')");
        }
    }

    @Test
    void haltsAtAGapUnlessASnapshotMayMendIt() throws Exception {
        PostgresSettings settings = source.settings("public.*");
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
        }
        source.dropSlot();
        source.run("DELETE FROM item", "INSERT INTO item VALUES (2, 'b')");
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-SLOT-MISSING");
        }
        try (CaptureRig rig = CaptureRig.start(source.definition(SnapshotMode.WHEN_NEEDED, "public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(2);
            assertThat(rig.snapshot())
                    .extracting(event -> event.operation().code())
                    .containsExactly('t', 'r');
        }
    }

    /** PostgreSQL 18 goes on without the publication and without a word: the changes would be missing in silence. */
    @Test
    void haltsWhenThePublicationIsDroppedOrNarrowedWhileItStreams() throws Exception {
        PostgresSettings settings = source.settings("public.*");
        String publication = settings.publication();
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory.resolve("dropped"))) {
            rig.awaitState(State.STREAMING);
            source.run("DROP PUBLICATION " + publication, "INSERT INTO item VALUES (1, 'a')");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-PUBLICATION-MISSING");
        }
        source.dropSlot();
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory.resolve("narrowed"))) {
            rig.awaitState(State.STREAMING);
            source.run("ALTER PUBLICATION " + publication + " SET (publish = 'insert')");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-PUBLICATION-OPTIONS");
        }
    }

    @Test
    void waitsForASlotThatIsInUse() throws Exception {
        PostgresSettings settings = source.settings("public.*");
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(settings), directory.resolve("a"))) {
            // the slot is free for a moment between its snapshot and the stream
            AtomicReference<List<Finding>> found = new AtomicReference<>(List.of());
            Eventually.await(() -> rig.status() + ", " + found, () -> {
                found.set(preflight(settings, Optional.of(rig.journal().durableTail())));
                return !found.get().isEmpty();
            });
            Finding inUse = found.get().get(0);
            assertThat(inUse.code()).isEqualTo("SOURCE-SLOT-IN-USE");
            assertThat(inUse.severity()).isEqualTo(Severity.TRANSIENT);
        }
    }

    @Test
    void resolvesGlobsToTablesAndPartitionsToTheirRoot() throws Exception {
        source.run(
                "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10)",
                "CREATE SCHEMA a",
                "CREATE TABLE a.x1 (id int PRIMARY KEY)",
                "CREATE TABLE a.y1 (id int PRIMARY KEY)");
        try (Connection connection = source.connect()) {
            assertThat(SourceReader.read(connection, source.settings("public.p*", "a.x?"))
                            .tables())
                    .extracting(SourceState.Table::id)
                    .containsExactly(new TableId("a", "x1"), new TableId("public", "part"));
            assertThat(SourceReader.read(connection, source.settings("public.part_*"))
                            .tables())
                    .extracting(SourceState.Table::id)
                    .containsExactly(new TableId("public", "part_1"));
        }
    }

    private static Tail at(Tail tail, long lsn) {
        SourcePosition position = tail.offset().orElseThrow().position();
        return new Tail(
                Optional.of(new SourceOffset(
                        new SourcePosition(position.source(), 0, lsn),
                        tail.offset().orElseThrow().attributes())),
                tail.snapshot(),
                tail.snapshotEpoch(),
                tail.snapshotEvents(),
                tail.source(),
                tail.sequence());
    }

    private static Tail with(Tail tail, String key, String value) {
        Map<String, String> source = new java.util.HashMap<>(tail.source());
        source.put(key, value);
        return new Tail(
                tail.offset(), tail.snapshot(), tail.snapshotEpoch(), tail.snapshotEvents(), source, tail.sequence());
    }
}
