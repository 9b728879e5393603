package dev.tailrace.crash;

import dev.tailrace.demo.CapturesFrom;
import dev.tailrace.demo.SourceKind;
import dev.tailrace.server.RequiresServer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The crash suite with MySQL as the source, whose transactions are known by file and position alone. What differs from a
 * source with GTIDs lies between the server and the journal: the short form has the windows there.
 */
@CapturesFrom(SourceKind.MYSQL_POSITIONS)
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlPositionsCrashTest {
    private static final boolean LONG = Boolean.getBoolean("crash.long");

    @Nested
    class Windows extends CrashWindows {
        @Override
        List<String> windows() {
            return LONG ? WINDOWS : WINDOWS.subList(0, 4);
        }

        @Override
        int countInside() {
            return LONG ? super.countInside() : 1;
        }
    }

    @Nested
    class Moments extends CrashMoments {
        @Override
        int fewMoments() {
            return 1;
        }
    }

    @Nested
    class Snapshot extends SnapshotCrash {
        @Override
        int count() {
            return LONG ? super.count() : 1;
        }
    }

    @Nested
    class Binlog extends BinlogCrash {
        @Override
        int count() {
            return LONG ? super.count() : 1;
        }
    }

    // Behind the journal both kinds are alike; the long form shows it.

    @Nested
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
    class Roll extends JournalRoll {}

    @Nested
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
    class Outage extends TargetOutage {}

    @Nested
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
    class Large extends Limits {}
}
