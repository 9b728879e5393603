package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A snapshot whose connection is lost between two statements starts over: the engine would read on through another
 * connection, rows of a later moment, each of which its log then brings once more. So does one that meets a table of another
 * shape than it had when the snapshot began.
 */
public abstract class SnapshotLinkContract {
    @TempDir
    Path directory;

    /** Runs a statement at the source. */
    protected abstract void run(String statement) throws SQLException;

    /** Breaks the snapshot's connection when the engine asks it whether it is alive, before the rows of a table. */
    protected abstract LinkCutter cutter(LinkCutter.Action action) throws Exception;

    /** A source behind that port. */
    protected abstract SourceDefinition source(int port);

    @Test
    void startsOver() throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY)");
        run("INSERT INTO item VALUES (1)");
        try (LinkCutter cutter = cutter(() -> run("INSERT INTO item VALUES (2)"));
                CaptureRig rig = CaptureRig.start(source(cutter.port()), directory)) {
            rig.awaitSnapshot(2);
            assertThat(cutter.hasCut()).isTrue();
            run("INSERT INTO item VALUES (3)");
            assertThat(rig.awaitChanges(1))
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(3);
            assertThat(rig.snapshot())
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void startsOverWhenATableHasChanged() throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY, label INT)");
        run("INSERT INTO item VALUES (1, 7)");
        try (LinkCutter cutter = cutter(() -> run("ALTER TABLE item RENAME COLUMN label TO title"))
                        .spare();
                CaptureRig rig = CaptureRig.start(source(cutter.port()), directory)) {
            Eventually.await(() -> rig.status().toString(), () -> rig.status().lastError() != null);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-TABLE-CHANGED");
            assertThat(cutter.hasCut()).isTrue();
            rig.awaitSnapshot(1);
            assertThat(rig.snapshot())
                    .extracting(event -> CaptureRig.after(event, "title"))
                    .containsExactly(7);
        }
    }
}
