package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.demo.TcpProxy;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is taken for dead, and what is waited for. A snapshot whose connection is half open is found, named and begun again;
 * one whose server takes long is not, though the client sees the same in both. A stream that brings nothing is found; one that
 * is in the middle of a row is waited for, since whoever begins again has to begin with the same row.
 */
public abstract class EngineLinkContract {
    private static final int ROWS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Of a stream, whose heartbeats come more often than that. A large row takes longer on its way. */
    protected static final Duration STREAM_PATIENCE = Duration.ofSeconds(6);

    private static final int LARGE = 15_000_000;

    @TempDir
    Path directory;

    protected abstract int port() throws Exception;

    /** Runs a statement at the source. */
    protected abstract void run(String statement) throws SQLException;

    /** The type of a column for a large text. */
    protected abstract String text();

    /** A source behind that port, looked after with that patience. */
    protected abstract SourceDefinition source(int port, Duration patience);

    /** What others do at the server while the snapshot cannot begin, until it is closed. */
    protected abstract AutoCloseable busy() throws Exception;

    @Test
    void aConnectionThatLosesEverything() throws Exception {
        brokenBy(TcpProxy::lose);
    }

    /** The server waits for its answer to be taken. */
    @Test
    void aConnectionThatStandsStill() throws Exception {
        brokenBy(TcpProxy::freeze);
    }

    private void brokenBy(Consumer<TcpProxy> trouble) throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY, body VARCHAR(1000))");
        String body = "x".repeat(1000);
        for (int from = 0; from < ROWS; from += 1000) {
            run("INSERT INTO item VALUES " + String.join(", ", values(from, body)));
        }
        try (TcpProxy proxy = new TcpProxy(port())) {
            proxy.slow(10, 1 << 14);
            try (CaptureRig rig = CaptureRig.start(source(proxy.port(), PATIENCE), directory)) {
                rig.awaitSnapshot(1000);
                trouble.accept(proxy);
                proxy.clear();
                run("INSERT INTO item VALUES (" + ROWS + ", 'behind the rows')");
                Eventually.await(
                        () -> rig.status().toString(), () -> rig.status().lastError() != null);
                assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-STUCK");
                rig.awaitState(State.STREAMING);
                Eventually.await(
                        () -> rig.status().toString(), () -> newest(rig).size() == ROWS + 1);
                run("INSERT INTO item VALUES (-1, 'streamed')");
                assertThat(rig.awaitChanges(1))
                        .extracting(event -> CaptureRig.after(event, "id"))
                        .containsExactly(-1);
            }
        }
    }

    private static List<String> values(int from, String body) {
        return IntStream.range(from, from + 1000)
                .mapToObj(id -> "(" + id + ", '" + body + "')")
                .toList();
    }

    /** The rows of the newest attempt. */
    private static List<ChangeEvent> newest(CaptureRig rig) throws Exception {
        List<ChangeEvent> all = rig.snapshot();
        int begin = IntStream.range(0, all.size())
                .filter(i -> all.get(i).operation() == Operation.TRUNCATE)
                .max()
                .orElse(-1);
        return all.subList(begin + 1, all.size());
    }

    @Test
    void aServerThatTakesLongIsWaitedFor() throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY)");
        run("INSERT INTO item VALUES (1)");
        try (CaptureRig rig = CaptureRig.start(waiting(), directory)) {
            rig.awaitSnapshot(1);
            assertThat(rig.restarts()).isZero();
        }
    }

    private SourceDefinition waiting() throws Exception {
        AutoCloseable busy = busy();
        Thread release = new Thread(() -> {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5 * PATIENCE.toSeconds()));
            try {
                busy.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        release.setDaemon(true);
        release.start();
        return source(port(), PATIENCE);
    }

    @Test
    void aRowThatTakesLongArrives() throws Exception {
        behindOneRow((proxy, rig) -> {
            proxy.slow(20, 1 << 14);
            // is confirmed while the row behind it is read
            run("INSERT INTO item VALUES (2, 'b')");
            run("INSERT INTO item VALUES (3, repeat('c', " + LARGE + "))");
            Eventually.await(
                    () -> rig.status().toString(),
                    () -> rig.status().lastError() != null || rig.changes().size() == 3);
            assertThat(rig.status().lastError()).isNull();
            assertThat(rig.restarts()).isZero();
            assertThat(rig.changes())
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2, 3);
            assertThat(CaptureRig.after(rig.changes().get(2), "body")).isEqualTo("c".repeat(LARGE));
        });
    }

    @Test
    void aConnectionThatIsLostInTheMiddleOfARow() throws Exception {
        behindOneRow((proxy, rig) -> {
            proxy.slow(20, 1 << 14);
            run("INSERT INTO item VALUES (2, repeat('c', " + LARGE + "))");
            long before = proxy.carried();
            Eventually.await(() -> proxy.carried() + " bytes", () -> proxy.carried() > before + LARGE / 8);
            proxy.lose();
            proxy.clear();
            Eventually.await(() -> rig.status().toString(), () -> rig.status().lastError() != null);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-STUCK");
            assertThat(rig.awaitChanges(2))
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2);
        });
    }

    private interface Trouble {
        void of(TcpProxy proxy, CaptureRig rig) throws Exception;
    }

    /** Makes trouble for a stream that has brought one row. */
    private void behindOneRow(Trouble trouble) throws Exception {
        run("CREATE TABLE item (id INT PRIMARY KEY, body " + text() + ")");
        try (TcpProxy proxy = new TcpProxy(port());
                CaptureRig rig = CaptureRig.start(source(proxy.port(), STREAM_PATIENCE), directory)) {
            rig.awaitState(State.STREAMING);
            run("INSERT INTO item VALUES (1, 'a')");
            rig.awaitChanges(1);
            trouble.of(proxy, rig);
        }
    }
}
