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
            return 1;
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
            return 2;
        }
    }

    @Nested
    class Binlog extends BinlogCrash {
        @Override
        int count() {
            return 2;
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
