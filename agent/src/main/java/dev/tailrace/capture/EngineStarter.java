package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import dev.tailrace.lifecycle.Worker;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares each life of the engine: looks at the source, decides how to start (I9), lets the source be mended, marks the
 * start in the journal, and builds the engine. Owned by the supervisor's thread.
 */
final class EngineStarter {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStarter.class);

    private final SourceDefinition source;
    private final Journal journal;
    private final SpaceGate space;
    private final CaptureListener listener;
    private final InstantSource clock;
    private final Set<String> warned = new HashSet<>();
    private boolean marked;
    private int starts;
    private long nextSnapshotOrdinal;
    private boolean passedOver;
    private boolean anew;

    EngineStarter(
            SourceDefinition source, Journal journal, SpaceGate space, CaptureListener listener, InstantSource clock) {
        this.source = source;
        this.space = space;
        this.journal = journal;
        this.listener = listener;
        this.clock = clock;
    }

    /** An engine to run, or the reason why there is none. Exactly one of refusal and the others is null. */
    static final class Start {
        private final @Nullable Finding refusal;
        private final @Nullable EngineRun engine;
        private final @Nullable EngineContext context;
        private final @Nullable EngineParts parts;
        private final @Nullable SnapshotWriter snapshot;

        private Start(
                @Nullable Finding refusal,
                @Nullable EngineRun engine,
                @Nullable EngineContext context,
                @Nullable EngineParts parts,
                @Nullable SnapshotWriter snapshot) {
            this.refusal = refusal;
            this.engine = engine;
            this.context = context;
            this.parts = parts;
            this.snapshot = snapshot;
        }

        @Nullable
        Finding refusal() {
            return refusal;
        }

        Worker watch(Consumer<Finding> onFinding) {
            if (parts == null) {
                throw new IllegalStateException("there is no engine");
            }
            return parts.watch().apply(onFinding);
        }

        Optional<Finding> explain(Throwable failure) {
            return parts == null ? Optional.empty() : parts.explain().apply(failure);
        }

        /** Breaks the engine's connections. */
        void cut() {
            if (parts != null) {
                parts.cut().run();
            }
        }

        EngineRun engine() {
            if (engine == null) {
                throw new IllegalStateException("there is no engine");
            }
            return engine;
        }
    }

    Start start() throws SQLException, JournalException {
        Tail tail = journal.durableTail();
        try (SourceLook look = source.look(tail)) {
            StartPlan plan = anew ? look.plan().anew() : look.plan();
            warn(plan.findings());
            if (plan.blocked()) {
                tellOthers(plan);
                return new Start(plan.reason(), null, null, null, null);
            }
            // I9: the marker describes the source as it is now and so forgets a gap; what a snapshot needs is done
            // before
            mark(look.prepare(plan.kind()));
            SnapshotWriter snapshot = null;
            SnapshotMeter meter = null;
            switch (plan.kind()) {
                case RESUME ->
                    LOG.info("resuming behind {}", tail.offset().orElseThrow().position());
                case FROM_NOW -> {
                    Optional<SourceOffset> here = look.here(now());
                    if (here.isPresent()) {
                        fromNow(here.get());
                    } else {
                        LOG.info("streaming from now on, without the rows that are there already");
                        meter = new SnapshotMeter(clock, Set.of(), Map.of());
                        snapshot = newSnapshot(look, meter);
                    }
                }
                case SNAPSHOT -> {
                    meter = new SnapshotMeter(clock, look.tables(), look.estimates());
                    snapshot = beginSnapshot(look, meter);
                }
            }
            return build(look, plan.kind(), snapshot, meter);
        }
    }

    private long now() {
        return Micros.since1970(clock.instant());
    }

    private void warn(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.severity() == Severity.WARNING && warned.add(finding.code() + finding.message())) {
                LOG.warn("{} {} {}", finding.code(), finding.message(), finding.remedy());
            }
        }
    }

    /** All at once, so that an operator mends them at once. The reason itself is told by who halts. */
    private static void tellOthers(StartPlan plan) {
        for (Finding finding : plan.findings()) {
            if (finding.severity() == Severity.FATAL && !finding.equals(plan.reason())) {
                LOG.error("{} {}. {}", finding.code(), finding.message(), finding.remedy());
            }
        }
    }

    /** Before a slot is made: a slot without a marker in the journal would look like a lost journal. */
    private void mark(Map<String, String> identity) throws JournalException {
        JournalAppender appender = journal.appender();
        if (!marked || !identity.equals(journal.durableTail().source())) {
            appender.start(identity);
            marked = true;
        } else {
            appender.abortParts();
        }
        appender.force();
    }

    private void fromNow(SourceOffset here) throws JournalException {
        LOG.info("streaming from {} on, without the rows that are there already", here.position());
        journal.appender().appendOffset(here, now());
        journal.appender().force();
    }

    private SnapshotWriter newSnapshot(SourceLook look, SnapshotMeter meter) {
        Tail tail = journal.durableTail();
        long used = tail.snapshotEpoch() == journal.epoch() ? tail.snapshotEvents() : 0;
        return new SnapshotWriter(
                journal.appender(), look.source(), journal.epoch(), Math.max(used, nextSnapshotOrdinal), meter);
    }

    private SnapshotWriter beginSnapshot(SourceLook look, SnapshotMeter meter) throws JournalException {
        SnapshotWriter snapshot = newSnapshot(look, meter);
        List<TableSchema> known = journal.schemas();
        if (!known.isEmpty()) {
            LOG.info("the snapshot starts over: {} tables are emptied at the targets first", known.size());
            snapshot.startOver(known, now());
            nextSnapshotOrdinal = snapshot.nextOrdinal();
            journal.appender().force();
        }
        LOG.info("taking a snapshot of {} tables", look.tables().size());
        return snapshot;
    }

    private Start build(
            SourceLook look, StartPlan.Kind kind, @Nullable SnapshotWriter snapshot, @Nullable SnapshotMeter meter)
            throws SQLException {
        starts++;
        String name = source.settings().type() + "-" + journal.id() + "-" + starts;
        EngineParts parts = look.engine(name, kind, journal);
        EngineQueue queue =
                new EngineQueue(EngineQueue.Limits.of(source.settings().debezium()));
        RecordJournal records = new RecordJournal(journal, listener, clock, parts.reader(), snapshot, meter);
        EngineContext context = new EngineContext(name, parts.context(), () -> offset(snapshot), queue);
        context.register();
        try {
            return new Start(null, new EngineRun(parts.options(), space, queue, records), context, parts, snapshot);
        } catch (RuntimeException e) {
            context.unregister();
            parts.onEnd().run();
            throw e;
        }
    }

    /** What the engine may know of: the fsynced tail (I1), and nothing of before while a snapshot begins anew. */
    private Optional<SourceOffset> offset(@Nullable SnapshotWriter snapshot) {
        if (snapshot != null && !snapshot.isComplete()) {
            return Optional.empty();
        }
        return journal.durableTail().offset();
    }

    /**
     * Whether what ended an engine is a place in the log that the next start passes over by a new snapshot, because the
     * settings say so. Once in the life of the process: who goes on writing so would have his targets emptied again and
     * again.
     */
    boolean passesOver(Start start, Finding failure) {
        if (passedOver
                || start.parts == null
                || source.settings().snapshot() != SourceSettings.SnapshotMode.WHEN_NEEDED
                || !start.parts.hole().test(failure)) {
            return false;
        }
        passedOver = true;
        anew = true;
        LOG.warn(
                "{} {}; all captured tables are read anew, as source.snapshot says", failure.code(), failure.message());
        return true;
    }

    /** Cleans up behind an engine that has ended. */
    void ended(Start start) {
        if (start.context != null) {
            start.context.unregister();
        }
        if (start.parts != null) {
            start.parts.onEnd().run();
        }
        if (start.snapshot != null) {
            nextSnapshotOrdinal = Math.max(nextSnapshotOrdinal, start.snapshot.nextOrdinal());
            anew &= !start.snapshot.isComplete();
        }
    }
}
