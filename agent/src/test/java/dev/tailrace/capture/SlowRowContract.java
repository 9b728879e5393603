package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.demo.TcpProxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One row that is longer on its way than any patience: nothing can be heard of the stream meanwhile but its bytes, and
 * whoever begins again has to begin with the same row.
 */
public abstract class SlowRowContract {
    protected static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final int SIZE = 15_000_000;

    @TempDir
    Path directory;

    protected abstract int port() throws Exception;

    /** Runs a statement at the source. */
    protected abstract void run(String statement) throws SQLException;

    /** The type of a column for a large text. */
    protected abstract String text();

    /** A source behind that port, looked after with that patience. */
    protected abstract SourceDefinition source(int port, Duration patience);

    @Test
    void arrives() throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY, body " + text() + ")");
        try (TcpProxy proxy = new TcpProxy(port());
                CaptureRig rig = CaptureRig.start(source(proxy.port(), PATIENCE), directory)) {
            rig.awaitState(State.STREAMING);
            run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            proxy.slow(20, 1 << 14);
            // is confirmed while the row behind it is read
            run("INSERT INTO item VALUES (2, 'b')");
            run("INSERT INTO item VALUES (3, repeat('c', " + SIZE + "))");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.status().lastError() != null || rig.changes().size() == 3);
            assertThat(rig.status().lastError()).isNull();
            assertThat(rig.restarts()).isZero();
            assertThat(rig.changes())
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2, 3);
            assertThat(CaptureRig.after(rig.changes().get(2), "body")).isEqualTo("c".repeat(SIZE));
        }
    }

    /** A row that is on its way is no excuse for a connection that brings nothing more of it. */
    @Test
    void doesNotHideAConnectionThatIsLost() throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY, body " + text() + ")");
        try (TcpProxy proxy = new TcpProxy(port());
                CaptureRig rig = CaptureRig.start(source(proxy.port(), PATIENCE), directory)) {
            rig.awaitState(State.STREAMING);
            run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            proxy.slow(20, 1 << 14);
            run("INSERT INTO item VALUES (2, repeat('c', " + SIZE + "))");
            long before = proxy.carried();
            Eventually.await(() -> proxy.carried() + " bytes", () -> proxy.carried() > before + SIZE / 8);
            proxy.lose();
            proxy.clear();
            Eventually.await(() -> rig.status().toString(), () -> rig.status().lastError() != null);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-STUCK");
            assertThat(rig.awaitChanges(2))
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2);
        }
    }
}
