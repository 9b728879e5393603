package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.event.ChangeEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SnapshotCopyTest {
    @TempDir
    Path directory;

    @Test
    void keepsTheOrderOfManyRows() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE many (id int PRIMARY KEY, t text)",
                "INSERT INTO many SELECT i, repeat('x', i % 700) FROM generate_series(1, 20000) i");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            List<ChangeEvent> rows = rig.awaitSnapshot(20_000);
            assertThat(rows.stream()
                            .map(row -> String.valueOf(CaptureRig.after(row, "id")))
                            .collect(Collectors.joining(",")))
                    .isEqualTo(source.query("SELECT string_agg(id::text, ',') FROM (SELECT id FROM many) m"));
            assertThat(rows)
                    .allMatch(row -> String.valueOf(CaptureRig.after(row, "t")).length()
                            == (int) CaptureRig.after(row, "id") % 700);
            rig.awaitState(State.STREAMING);
        }
    }

    /** A role has one for its queries, each of which used to be a handful of rows. */
    @Test
    void isNotEndedByATimeOutForStatements() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        String role = "slow_" + source.database();
        source.run(
                "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'slow'",
                "GRANT CREATE ON DATABASE " + source.database() + " TO " + role,
                "ALTER ROLE " + role + " SET statement_timeout = '1s'",
                "CREATE TABLE slow (id int PRIMARY KEY)",
                "INSERT INTO slow SELECT generate_series(1, 100)",
                "ALTER TABLE slow OWNER TO " + role,
                "ALTER TABLE slow ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE slow FORCE ROW LEVEL SECURITY",
                "CREATE POLICY slow ON slow USING (pg_sleep(0.02) IS NOT NULL)");
        try (CaptureRig rig =
                CaptureRig.start(source.definition(role, "slow", SnapshotMode.INITIAL, "public.slow"), directory)) {
            assertThat(rig.awaitSnapshot(100)).hasSize(100);
            rig.awaitState(State.STREAMING);
        }
    }

    /** The reason is told, not what becomes of the connection, on which tens of megabytes are still to come. */
    @Test
    void saysWhatIsWrongInTheFirstOfManyRows() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE late (id int PRIMARY KEY, t timestamp, filler text)",
                "INSERT INTO late VALUES (1, '294247-01-11', '')",
                "INSERT INTO late SELECT i, '2026-01-01', repeat('x', 10000) FROM generate_series(2, 5000) i");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.late"), directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-VALUE");
            assertThat(rig.status().lastError().message()).contains("column t");
            assertThat(rig.snapshot()).isEmpty();
        }
    }
}
