package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.journal.Tail;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server keeps of its log behind our slot. */
class SlotMeterTest {
    private static final Tail NOTHING = new Tail(Optional.empty(), Tail.Snapshot.NONE, 0, 0, Map.of(), 0);

    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, body text)");
    }

    @AfterEach
    void unlimited() throws Exception {
        limit("-1");
    }

    private void limit(String size) throws SQLException {
        source.run("ALTER SYSTEM SET max_slot_wal_keep_size = '" + size + "'", "SELECT pg_reload_conf()");
    }

    private void slot() throws SQLException {
        source.run("SELECT pg_create_logical_replication_slot('" + source.slot() + "', 'pgoutput')");
    }

    /** The checkpoint writes out what the server, which does not wait for its disk here, has not written yet. */
    private void fill(int from, int to) throws SQLException {
        source.run(
                "INSERT INTO item SELECT i, repeat('x', 1000) FROM generate_series(" + from + ", " + to + ") i",
                "CHECKPOINT");
    }

    @Test
    void nothingIsKeptBeforeThereIsASlot() throws Exception {
        assertThat(new SlotMeter(source.settings("public.*")).read(NOTHING)).isEmpty();
    }

    @Test
    void tellsWhatIsKeptAndHowFastTheLogGrows() throws Exception {
        slot();
        SlotMeter meter = new SlotMeter(source.settings("public.*"));
        LogMeter.Reading before = meter.read(NOTHING).orElseThrow();
        fill(1, 5000);
        LogMeter.Reading after = meter.read(NOTHING).orElseThrow();
        assertThat(before.writtenBytes()).isZero();
        assertThat(after.writtenBytes()).isGreaterThan(5_000_000);
        assertThat(after.log().retainedBytes() - before.log().retainedBytes()).isEqualTo(after.writtenBytes());
        assertThat(after.log().state()).isEqualTo("reserved");
        assertThat(after.log().limitBytes()).isNull();
        assertThat(after.log().leftBytes()).isNull();
        source.dropSlot();
    }

    @Test
    void tellsWhatIsLeftOfALimitAndWhenItIsOver() throws Exception {
        slot();
        SlotMeter meter = new SlotMeter(source.settings("public.*"));
        limit("64MB");
        Eventually.await(
                () -> "no limit yet",
                () -> meter.read(NOTHING).orElseThrow().log().leftBytes() != null);
        SourceLog first = meter.read(NOTHING).orElseThrow().log();
        assertThat(first.limitBytes()).isEqualTo(64L << 20);
        fill(1, 20_000);
        SourceLog later = meter.read(NOTHING).orElseThrow().log();
        assertThat(later.leftBytes()).isLessThan(first.leftBytes() - 20_000_000);
        assertThat(later.used()).isGreaterThan(first.used());
        Eventually.await(() -> "the slot is not lost", () -> {
            source.run("TRUNCATE item", "SELECT pg_switch_wal()");
            fill(1, 20_000);
            return meter.read(NOTHING).orElseThrow().log().isLost();
        });
        source.dropSlot();
    }

    @Test
    void aServerThatCannotBeReachedIsUnknownAndHoldsUpNobody() throws Exception {
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), () -> rig.status().log() != null);
        }
        PostgresSettings nowhere =
                source.settings("nobody", "wrong", dev.tailrace.capture.SourceSettings.SnapshotMode.NEVER, "public.*");
        assertThatThrownBy(() -> new SlotMeter(nowhere).read(NOTHING)).isInstanceOf(SQLException.class);
    }
}
