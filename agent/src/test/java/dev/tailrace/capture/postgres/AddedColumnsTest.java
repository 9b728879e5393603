package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Warnings;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rows have in columns that came later than they: exactly that, or a warning; never a guess. */
class AddedColumnsTest {
    @TempDir
    Path directory;

    private SourceServer source;
    private final Warnings warnings = new Warnings();

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run(
                "CREATE TABLE item (id int PRIMARY KEY, name text, body text)",
                "INSERT INTO item VALUES (1, 'a', 'b')");
    }

    @AfterEach
    void detach() {
        warnings.close();
    }

    /** The shape of the newest row; the statements are run while nobody looks, so that the catalog has gone on. */
    private TableSchema behind(String... statements) throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            rig.awaitSnapshot(1);
        }
        source.run(statements);
        source.run("INSERT INTO item (id) VALUES (99)");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            return awaitLast(rig).schema();
        }
    }

    private static ChangeEvent awaitLast(CaptureRig rig) throws Exception {
        int count = 1;
        while (true) {
            List<ChangeEvent> changes = rig.awaitChanges(count);
            ChangeEvent last = changes.get(changes.size() - 1);
            if (Integer.valueOf(99).equals(CaptureRig.after(last, "id"))) {
                return last;
            }
            count = changes.size() + 1;
        }
    }

    private List<String> warned() {
        return warnings.of("public.item");
    }

    @Test
    void itIsWhatAddColumnComputedWhateverBecameOfTheDefault() throws Exception {
        TableSchema shape = behind(
                "ALTER TABLE item ADD COLUMN n int NOT NULL DEFAULT 2 + 3",
                "ALTER TABLE item ALTER COLUMN n SET DEFAULT 6",
                "ALTER TABLE item ADD COLUMN amount numeric(8,2) DEFAULT 1.5, ADD COLUMN words text[] DEFAULT"
                        + " ARRAY['a', 'b,\"c\"', NULL]",
                "ALTER TABLE item ALTER COLUMN amount DROP DEFAULT",
                "ALTER TABLE item ADD COLUMN bytes bytea DEFAULT '\\x00ff'",
                "ALTER TABLE item ADD COLUMN doc json DEFAULT '{\"a\":  \"it''s\"}'",
                "ALTER TABLE item ADD COLUMN plain int");
        assertThat(shape.existing().get("bytes")).isEqualTo(new byte[] {0, (byte) 255});
        assertThat(shape.existing().get("words")).isEqualTo(java.util.Arrays.asList("a", "b,\"c\"", null));
        assertThat(shape.existing())
                .containsEntry("n", 5)
                .containsEntry("amount", new BigDecimal("1.50"))
                .containsEntry("doc", "{\"a\":  \"it's\"}")
                .hasSize(5);
        assertThat(warned()).isEmpty();
    }

    @Test
    void theTimeOfTheStatementIsExact() throws Exception {
        TableSchema shape = behind("ALTER TABLE item ADD COLUMN at timestamptz DEFAULT now()");
        String micros = source.query("SELECT (extract(epoch FROM at) * 1000000)::int8 FROM item WHERE id = 1");
        assertThat(shape.existing()).containsEntry("at", Long.parseLong(micros));
    }

    @Test
    void aDefaultThatCameLaterThanTheColumnIsNoValueOfRowsFromBefore() throws Exception {
        TableSchema shape =
                behind("ALTER TABLE item ADD COLUMN n int", "ALTER TABLE item ALTER COLUMN n SET DEFAULT 7");
        assertThat(shape.existing()).isEmpty();
        assertThat(warned()).isEmpty();
        assertThat(source.query("SELECT n IS NULL FROM item WHERE id = 1")).isEqualTo("t");
    }

    @Test
    void ofARewrittenTableTheConstantIsAssumedAndSaid() throws Exception {
        TableSchema shape = behind(
                "ALTER TABLE item ADD COLUMN n int NOT NULL DEFAULT 5, ADD COLUMN t text DEFAULT 'maybe'",
                "VACUUM FULL item");
        assertThat(shape.existing()).isEqualTo(Map.of("n", 5));
        assertThat(warned())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).startsWith("SOURCE-EXISTING-ASSUMED: column n of public.item"))
                .anySatisfy(w -> assertThat(w).startsWith("SOURCE-EXISTING-UNKNOWN: column t of public.item"));
    }

    @Test
    void valuesThatDifferFromRowToRowAreToldToBeUnknown() throws Exception {
        TableSchema shape = behind(
                "ALTER TABLE item ADD COLUMN r float8 DEFAULT random()",
                "ALTER TABLE item ADD COLUMN s serial",
                "ALTER TABLE item ADD COLUMN i int GENERATED ALWAYS AS IDENTITY",
                "ALTER TABLE item ADD COLUMN c timestamptz NOT NULL DEFAULT clock_timestamp()");
        assertThat(shape.existing()).isEmpty();
        assertThat(warned()).hasSize(4).allSatisfy(w -> assertThat(w).contains("SOURCE-EXISTING-UNKNOWN", "UPDATE"));
    }

    @Test
    void aColumnThatGotAnotherNameIsNotTakenForANewOne() throws Exception {
        TableSchema shape = behind(
                "ALTER TABLE item ADD COLUMN n int DEFAULT 1",
                "INSERT INTO item (id) VALUES (2)",
                "ALTER TABLE item RENAME COLUMN n TO m",
                "ALTER TABLE item RENAME COLUMN name TO title");
        assertThat(shape.existing()).isEmpty();
        assertThat(warned())
                .hasSize(2)
                .anySatisfy(w -> assertThat(w).contains("column n", "dropped or renamed"))
                .anySatisfy(w -> assertThat(w).contains("column m", "while another one vanished"));
    }

    @Test
    void aColumnThatIsRetypedInTheSameBreathIsNotGuessed() throws Exception {
        TableSchema shape = behind(
                "ALTER TABLE item ADD COLUMN n int DEFAULT 5, ADD COLUMN v varchar(5) DEFAULT 'v'",
                "INSERT INTO item (id) VALUES (2)",
                "ALTER TABLE item ALTER COLUMN v TYPE text",
                "INSERT INTO item (id) VALUES (3)",
                "ALTER TABLE item ALTER COLUMN n TYPE bigint");
        assertThat(shape.existing()).isEmpty();
        assertThat(warned()).allSatisfy(w -> assertThat(w).contains("SOURCE-EXISTING-UNKNOWN"));
    }

    @Test
    void itStaysWithTheColumnInLaterShapes() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("ALTER TABLE item ADD COLUMN n int DEFAULT 5", "INSERT INTO item (id) VALUES (2)");
            rig.awaitChanges(1);
            source.run(
                    "ALTER TABLE item ADD COLUMN m int, ALTER COLUMN n TYPE bigint",
                    "INSERT INTO item (id) VALUES (3)");
            List<ChangeEvent> changes = rig.awaitChanges(2);
            assertThat(changes.get(0).schema().existing()).isEqualTo(Map.of("n", 5));
            assertThat(changes.get(1).schema().existing()).isEqualTo(Map.of("n", 5L));
        }
        // a later run of the agent reads it from the journal
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            assertThat(rig.journal().schemas().get(0).existing()).isEqualTo(Map.of("n", 5L));
        }
    }

    @Test
    void partitionsHaveItInTheirParentsPlace() throws Exception {
        source.run(
                "DROP TABLE item",
                "CREATE TABLE item (id int PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE item_low PARTITION OF item FOR VALUES FROM (0) TO (50)",
                "CREATE TABLE item_high PARTITION OF item FOR VALUES FROM (50) TO (100)",
                "INSERT INTO item VALUES (1, 'a')");
        TableSchema shape = behind("ALTER TABLE item ADD COLUMN n int DEFAULT 5");
        assertThat(shape.existing()).isEqualTo(Map.of("n", 5));
    }
}
