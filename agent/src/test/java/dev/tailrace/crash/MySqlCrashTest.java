package dev.tailrace.crash;

import dev.tailrace.demo.CapturesFrom;
import dev.tailrace.demo.SourceKind;
import dev.tailrace.server.RequiresServer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The crash suite with MySQL as the source, whose transactions have GTIDs. What lies behind the journal is the same for
 * every source and all in {@link PostgresCrashTest}: the short form has the windows before it.
 */
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlCrashTest {
    private static final boolean LONG = Boolean.getBoolean("crash.long");

    @Nested
    class Windows extends CrashWindows {
        @Override
        List<String> windows() {
            return LONG ? super.windows() : WINDOWS.subList(0, 6);
        }

        @Override
        int countInside() {
            return LONG ? super.countInside() : 2;
        }
    }

    @Nested
    class Moments extends CrashMoments {
        @Override
        int fewMoments() {
            return 2;
        }
    }

    @Nested
    class Snapshot extends SnapshotCrash {
        @Override
        int count() {
            return LONG ? super.count() : 3;
        }
    }

    @Nested
    class Roll extends JournalRoll {
        @Override
        int rolls() {
            return LONG ? super.rolls() : 2;
        }
    }

    @Nested
    class Outage extends TargetOutage {}

    @Nested
    class Full extends FullDisk {}

    @Nested
    class Contained extends Containment {}

    @Nested
    class Large extends Limits {
        @Override
        @Test
        @EnabledIfSystemProperty(named = "crash.long", matches = "true")
        void aThousandTables() throws Exception {
            super.aThousandTables();
        }
    }

    @Nested
    class Binlog extends BinlogCrash {
        @Override
        int count() {
            return LONG ? super.count() : 2;
        }
    }
}
