package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.RandomHistory;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.TestSchemas;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The process that a test kills: delivers a history and waits for its end at the n-th time a point is reached. */
final class EmbeddedKilledWriter {
    static final List<TableSchema> TABLES = List.of(TestSchemas.ORDERS, TestSchemas.ODD_CASELESS, TestSchemas.NOTES);
    private static final long SEED = 4711;
    private static final int TRANSACTIONS = 60;

    private EmbeddedKilledWriter() {}

    static List<Frame> frames() {
        return RandomHistory.of(SEED, TRANSACTIONS, false, true, TestSchemas.ODD_CASELESS, TestSchemas.NOTES)
                .frames();
    }

    /** Hands over everything behind the checkpoint, one frame a batch; returns how many the target had. */
    static long deliver(String url, String mode, List<Frame> frames, long epoch, FaultPoint faults)
            throws SinkException {
        MapSettings settings = new MapSettings(Map.of("url", url, "mode", mode));
        try (CheckpointingSink sink =
                (CheckpointingSink) new JdbcSinkFactory().configure(settings).create()) {
            sink.open(new SinkContext(
                    "agent",
                    "sink",
                    ChangeStream.JOURNAL,
                    epoch,
                    "start-" + epoch,
                    Path.of("/nowhere"),
                    List.of(TestSchemas.ORDERS),
                    faults));
            long durable = sink.checkpoint().map(Checkpoint::sequence).orElse(0L);
            // A transaction in parts begins again at its first one.
            for (Frame frame : frames.subList((int) durable, frames.size())) {
                sink.write(frame.batch());
            }
            return durable;
        }
    }

    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
        deliver(arguments[0], arguments[1], frames(), Long.parseLong(arguments[4]), point -> {
            if (point.equals(arguments[2]) && left.decrementAndGet() == 0) {
                System.out.println("FAILPOINT " + point);
                System.out.flush();
                while (true) {
                    LockSupport.park();
                }
            }
        });
    }
}
