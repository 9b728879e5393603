package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.capture.Eventually;
import dev.tailrace.capture.SourceSettings.SnapshotMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connected but not moving: found, named, and read on by another engine without loss or doubles (I1, I3). */
class StuckConnectionTest {
    private static final int SILENCE = 12;

    /** Rows that a server needs several times the patience for. */
    private static final int MANY = 3_000_000;

    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run("CREATE TABLE item (id int PRIMARY KEY, body text)");
    }

    @Test
    void connectionsThatBringNothingAnyMoreAreReplaced() throws Exception {
        try (Hole hole = new Hole(SourceServer.port());
                CaptureRig rig = through(hole)) {
            awaitFirst(rig);
            hole.swallow();
            awaitReplacement(rig);
        }
    }

    /** The engine's heartbeats go on, through a connection of their own; only the server knows that nobody reads. */
    @Test
    void aStreamThatAloneIsDeadIsReplaced() throws Exception {
        try (Hole hole = new Hole(SourceServer.port());
                CaptureRig rig = through(hole)) {
            awaitFirst(rig);
            swallowStream(hole);
            awaitReplacement(rig);
        }
    }

    private void swallowStream(Hole hole) throws Exception {
        hole.swallow(Integer.parseInt(source.query("SELECT r.client_port FROM pg_stat_replication r JOIN"
                + " pg_replication_slots s ON s.active_pid = r.pid WHERE s.slot_name = '" + source.slot() + "'")));
    }

    /** It sends nothing of a transaction that is none of ours, and hears nothing meanwhile; whoever begins again begins with it. */
    @Test
    void aServerThatDecodesForLongIsLeftAlone() throws Exception {
        source.run(
                "ALTER DATABASE " + source.database() + " SET logical_decoding_work_mem = '64kB'",
                "CREATE TABLE other (id int)");
        try (CaptureRig rig = CaptureRig.start(new PostgresSource(source.settings("public.item"), 6), directory)) {
            awaitFirst(rig);
            source.run("INSERT INTO other SELECT generate_series(1, " + MANY + ")", "INSERT INTO item VALUES (2, 'b')");
            assertThat(rig.awaitChanges(2))
                    .extracting(event -> CaptureRig.after(event, "id"))
                    .containsExactly(1, 2);
            assertThat(rig.restarts()).isZero();
        }
    }

    private CaptureRig through(Hole hole) throws Exception {
        return CaptureRig.start(
                new PostgresSource(source.settings(hole.port(), SnapshotMode.INITIAL, "public.*"), SILENCE), directory);
    }

    private void awaitFirst(CaptureRig rig) throws Exception {
        rig.awaitState(State.STREAMING);
        source.run("INSERT INTO item VALUES (1, 'a')");
        rig.awaitChanges(1);
    }

    private void awaitReplacement(CaptureRig rig) throws Exception {
        source.run("INSERT INTO item VALUES (2, 'b')");
        Eventually.await(
                () -> rig.status().toString(),
                () -> rig.status().lastError() != null
                        && rig.status().lastError().code().equals("SOURCE-STUCK"));
        assertThat(rig.awaitChanges(2))
                .extracting(event -> CaptureRig.after(event, "id"))
                .containsExactly(1, 2);
        rig.awaitState(State.STREAMING);
    }

    /** Stands before a server; when told, it goes on to take what comes through the connections there are, and hands nothing on. */
    private static final class Hole implements AutoCloseable {
        private final int target;
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final List<Socket[]> pairs = new CopyOnWriteArrayList<>();
        private final Set<Socket> swallowed = ConcurrentHashMap.newKeySet();
        private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable, "hole");
            thread.setDaemon(true);
            return thread;
        });

        Hole(int target) throws IOException {
            this.target = target;
            threads.execute(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        void swallow() {
            swallowed.addAll(open);
        }

        /** Only the connection that the server sees as coming from that port. */
        void swallow(int port) {
            for (Socket[] pair : pairs) {
                if (pair[1].getLocalPort() == port) {
                    swallowed.addAll(List.of(pair));
                }
            }
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.addAll(List.of(client, server));
                    pairs.add(new Socket[] {client, server});
                    threads.execute(() -> pump(client, server));
                    threads.execute(() -> pump(server, client));
                } catch (IOException e) {
                    if (!listener.isClosed()) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
        }

        private void pump(Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try (from;
                    InputStream in = from.getInputStream()) {
                OutputStream out = to.getOutputStream(); // not closed with the other side: a hole does not tell
                for (int count; (count = in.read(buffer)) >= 0; ) {
                    if (!swallowed.contains(from)) {
                        out.write(buffer, 0, count);
                    }
                }
                if (!swallowed.contains(from)) {
                    to.close();
                }
            } catch (IOException e) {
                // One side has gone.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
            threads.shutdownNow();
        }
    }
}
