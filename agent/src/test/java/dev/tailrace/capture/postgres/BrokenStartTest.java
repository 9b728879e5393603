package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.LinkCutter;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that breaks while an engine starts ends that engine: the next one starts behind all checks (I9). */
class BrokenStartTest {
    /** The name of the connections with which an engine's task begins. */
    private static final String GENERAL = "Debezium General";

    @TempDir
    Path directory;

    @Test
    void endsTheEngine() throws Exception {
        SourceServer source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY)");
        try (LinkCutter cutter = new LinkCutter(SourceServer.port(), "", GENERAL, () -> source.run("SELECT 1"));
                CaptureRig rig = CaptureRig.start(
                        new PostgresSource(source.settings(cutter.port(), SnapshotMode.INITIAL, "public.*")),
                        directory)) {
            Eventually.await(() -> rig.status().toString(), () -> rig.status().lastError() != null);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-UNREACHABLE");
            assertThat(cutter.hasCut()).isTrue();
            rig.awaitState(State.STREAMING);
        }
    }
}
