package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.LinkCutter;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that goes away in the middle of an event is out of reach, and nothing else. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class BrokenConnectionTest {
    private static final int EVENT = 3_000_000;

    @TempDir
    Path directory;

    @Test
    void anEventThatBreaksOffIsReadAgain() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        source.run("CREATE TABLE item (id INT PRIMARY KEY, body LONGTEXT)");
        try (Cutter cutter = new Cutter(TestServers.mysql().port());
                CaptureRig rig = CaptureRig.start(
                        source.definition(cutter.port(), SnapshotMode.INITIAL, source.name() + ".*"), directory)) {
            rig.awaitState(State.STREAMING);
            Eventually.await(() -> rig.status().toString(), source::isStreaming);
            cutter.cutBehind(EVENT / 2);
            source.run("INSERT INTO item VALUES (1, REPEAT('x', " + EVENT + "))");
            rig.awaitState(State.WAITING);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-UNREACHABLE");
            assertThat(rig.status().lastError().severity()).isEqualTo(Severity.TRANSIENT);
            assertThat(CaptureRig.after(rig.awaitChanges(1).get(0), "id")).isEqualTo(1);
        }
    }

    /** Told as what it is, and not as a mistake in the configuration, for which the engine takes it. */
    @Test
    void aConnectionThatBreaksWhileTheEngineStarts() throws Exception {
        MySqlDatabase source = new MySqlDatabase(TestServers.mysql());
        source.run("CREATE TABLE item (id INT PRIMARY KEY)");
        try (LinkCutter cutter = new LinkCutter(
                        TestServers.mysql().port(),
                        "SET autocommit=0",
                        "SHOW BINARY LOG STATUS",
                        () -> source.run("DO 0"));
                CaptureRig rig = CaptureRig.start(
                        source.definition(cutter.port(), SnapshotMode.INITIAL, source.name() + ".*"), directory)) {
            Eventually.await(() -> rig.status().toString(), () -> rig.status().lastError() != null);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-UNREACHABLE");
            rig.awaitState(State.STREAMING);
            assertThat(cutter.hasCut()).isTrue();
        }
    }

    /** Stands before a server; when told, it ends the connection that has brought so many bytes more, once. */
    private static final class Cutter implements AutoCloseable {
        private final int target;
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
        private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable, "cutter");
            thread.setDaemon(true);
            return thread;
        });

        Cutter(int target) throws IOException {
            this.target = target;
            threads.execute(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        void cutBehind(long bytes) {
            left.set(bytes);
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    threads.execute(() -> pump(client, server, new AtomicLong(Long.MAX_VALUE)));
                    threads.execute(() -> pump(server, client, left));
                } catch (IOException e) {
                    if (!listener.isClosed()) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
        }

        private static void pump(Socket from, Socket to, AtomicLong left) {
            byte[] buffer = new byte[8192];
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int count; (count = in.read(buffer)) >= 0; ) {
                    if (left.get() != Long.MAX_VALUE && left.addAndGet(-count) <= 0) {
                        left.set(Long.MAX_VALUE);
                        return;
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                // One side has gone; closing both tells the other.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            threads.shutdownNow();
        }
    }
}
