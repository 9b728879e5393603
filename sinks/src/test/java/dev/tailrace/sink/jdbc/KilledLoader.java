package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that a test kills: loads rows and waits for its end inside the n-th COPY. {@code KilledLoader URL KIND N}, the
 * kind of rows being snapshot or stream.
 */
final class KilledLoader {
    static final String COPY = "sink.jdbc.mid-copy";

    private KilledLoader() {}

    /** Three batches of rows that a snapshot read, or that were inserted. */
    static List<Frame> frames(String kind) {
        ChangeStream stream = new ChangeStream();
        for (int i = 0; i < 3; i++) {
            if (kind.equals("snapshot")) {
                JdbcSnapshotLoadTest.chunk(stream, (long) i * JdbcSnapshotLoadTest.CHUNK);
            } else {
                JdbcInsertLoadTest.inserts(stream, (long) i * JdbcInsertLoadTest.CHUNK);
            }
        }
        return stream.frames();
    }

    /** Starts one, waits until it is inside that COPY, and kills it. */
    static void killed(JdbcTarget target, String kind, int copy) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledLoader.class.getName(),
                        TestPostgres.url(target.database),
                        kind,
                        Integer.toString(copy))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("FAILPOINT " + COPY);
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        target.server.await(
                target.database,
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'tailrace'"
                        + " AND datname = current_database())");
    }

    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[2]));
        MapSettings settings = new MapSettings(Map.of("url", arguments[0], "user", "postgres", "password", "postgres"));
        CheckpointingSink sink =
                (CheckpointingSink) new JdbcSinkFactory().configure(settings).create();
        sink.open(new SinkContext(
                "agent",
                "sink",
                ChangeStream.JOURNAL,
                1,
                "start-1",
                Path.of("unused"),
                List.of(JdbcSnapshotLoadTest.ITEM),
                point -> {
                    if (point.equals(COPY) && left.decrementAndGet() == 0) {
                        System.out.println("FAILPOINT " + point);
                        System.out.flush();
                        while (true) {
                            LockSupport.park();
                        }
                    }
                }));
        for (Frame frame : frames(arguments[1])) {
            sink.write(frame.batch());
        }
    }
}
