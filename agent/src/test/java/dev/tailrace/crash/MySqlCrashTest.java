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
    @Nested
    class Windows extends CrashWindows {
        @Override
        List<CrashWindow.Chain> chains() {
            return CrashWindow.LONG ? super.chains() : List.of(JOURNALING);
        }

        @Override
        int inside() {
            return 2;
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
        boolean atTheTarget() {
            return CrashWindow.LONG;
        }

        @Override
        int kills() {
            return 3;
        }
    }

    /** A new file of the journal begins with the history of the tables' shapes, which PostgreSQL has none of. */
    @Nested
    class Roll extends JournalRoll {}

    @Nested
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
    class Outage extends TargetOutage {}

    @Nested
    @EnabledIfSystemProperty(named = "crash.long", matches = "true")
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
            return 2;
        }
    }
}
