package dev.tailrace.crash;

import dev.tailrace.demo.CapturesFrom;
import dev.tailrace.demo.SourceKind;
import org.junit.jupiter.api.Nested;

/** The crash suite with PostgreSQL as the source. */
@CapturesFrom(SourceKind.POSTGRES)
class PostgresCrashTest {
    @Nested
    class Windows extends CrashWindows {}

    @Nested
    class Moments extends CrashMoments {}

    @Nested
    class Snapshot extends SnapshotCrash {}

    @Nested
    class Roll extends JournalRoll {}

    @Nested
    class Outage extends TargetOutage {}

    @Nested
    class Full extends FullDisk {}

    @Nested
    class Contained extends Containment {}

    @Nested
    class Large extends Limits {}
}
