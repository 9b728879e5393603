package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.SinkContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The process that a test kills: loads a snapshot and waits for its end inside the n-th COPY. {@code KilledLoader URL N}. */
final class KilledLoader {
    private KilledLoader() {}

    /** The snapshot, in three batches. */
    static List<Frame> frames() {
        ChangeStream stream = new ChangeStream();
        for (int i = 0; i < 3; i++) {
            JdbcSnapshotLoadTest.chunk(stream, (long) i * JdbcSnapshotLoadTest.CHUNK);
        }
        return stream.frames();
    }

    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
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
                    if (point.equals("sink.jdbc.mid-copy") && left.decrementAndGet() == 0) {
                        System.out.println("FAILPOINT " + point);
                        System.out.flush();
                        while (true) {
                            LockSupport.park();
                        }
                    }
                }));
        for (Frame frame : frames()) {
            sink.write(frame.batch());
        }
    }
}
