package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares each life of the engine: reads the source, decides how to start (I9), mends publication and slot, marks the
 * start in the journal, and builds the engine. Owned by the supervisor's thread, but for {@link #terminateWalSender}.
 */
final class EngineStarter {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStarter.class);

    private final SourceSettings settings;
    private final Journal journal;
    private final CaptureListener listener;
    private final InstantSource clock;
    private final Set<String> warned = new HashSet<>();
    private boolean marked;
    private int starts;
    private long nextSnapshotOrdinal;

    EngineStarter(SourceSettings settings, Journal journal, CaptureListener listener, InstantSource clock) {
        this.settings = settings;
        this.journal = journal;
        this.listener = listener;
        this.clock = clock;
    }

    /** An engine to run, or the reason why there is none. Exactly one of refusal and the others is null. */
    static final class Start {
        private final @Nullable Finding refusal;
        private final @Nullable EngineRun engine;
        private final @Nullable EngineContext context;
        private final @Nullable SnapshotWriter snapshot;

        private Start(
                @Nullable Finding refusal,
                @Nullable EngineRun engine,
                @Nullable EngineContext context,
                @Nullable SnapshotWriter snapshot) {
            this.refusal = refusal;
            this.engine = engine;
            this.context = context;
            this.snapshot = snapshot;
        }

        @Nullable
        Finding refusal() {
            return refusal;
        }

        EngineRun engine() {
            if (engine == null) {
                throw new IllegalStateException("there is no engine");
            }
            return engine;
        }
    }

    Start start() throws SQLException, JournalException {
        try (Connection connection = SourceConnections.open(settings)) {
            SourceState state = SourceReader.read(connection, settings);
            Tail tail = journal.durableTail();
            StartPlan plan = StartPlan.of(settings, state, tail);
            warn(plan.findings());
            if (plan.blocked()) {
                tellOthers(plan);
                return new Start(plan.reason(), null, null, null);
            }
            Publications.ensure(connection, settings, state);
            SourceState mended = SourceReader.read(connection, settings);
            if (plan.kind() == StartPlan.Kind.SNAPSHOT) {
                // I9: the marker describes the source as it is now and so forgets the gap; without the slot it stays
                // known
                dropSlot(connection, mended);
            }
            mark(mended);
            SnapshotWriter snapshot = null;
            SnapshotMeter meter = null;
            switch (plan.kind()) {
                case RESUME ->
                    LOG.info("resuming behind {}", tail.offset().orElseThrow().position());
                case FROM_NOW -> fromNow(connection, mended);
                case SNAPSHOT -> {
                    meter = new SnapshotMeter(
                            clock,
                            mended.tables().stream().map(SourceState.Table::id).collect(Collectors.toSet()),
                            SnapshotEstimate.of(connection, mended.tables()));
                    snapshot = beginSnapshot(mended, meter);
                }
            }
            return build(mended, PgTypes.read(connection), snapshot, meter);
        }
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
    private void mark(SourceState state) throws JournalException {
        Map<String, String> identity = SourceIdentity.of(settings, state).toMap();
        JournalAppender appender = journal.appender();
        if (!marked || !identity.equals(journal.durableTail().source())) {
            appender.start(identity);
            marked = true;
        } else {
            appender.abortParts();
        }
        appender.force();
    }

    private void fromNow(Connection connection, SourceState state) throws SQLException, JournalException {
        if (state.slot().isEmpty()) {
            try (PreparedStatement create =
                    connection.prepareStatement("SELECT pg_create_logical_replication_slot(?, 'pgoutput')")) {
                create.setString(1, settings.slot());
                create.execute();
            }
        }
        long lsn = slotLsn(connection);
        LOG.info("streaming from {} on, without the rows that are there already", SourceConnections.lsn(lsn));
        long now = RawValues.epochMicros(clock.instant());
        journal.appender().appendOffset(TransactionAssembler.offset(state.source(), lsn, now), now);
        journal.appender().force();
    }

    private long slotLsn(Connection connection) throws SQLException {
        return SourceReader.slot(connection, settings.slot())
                .map(SourceState.Slot::confirmedLsn)
                .orElseThrow(() ->
                        new SQLException("the replication slot " + settings.slot() + " is gone already", "42704"));
    }

    private long askSlotLsn() {
        try (Connection connection = SourceConnections.open(settings)) {
            return slotLsn(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("the slot's start cannot be read", e);
        }
    }

    private List<String> askKey(TableId table) {
        try (Connection connection = SourceConnections.open(settings)) {
            return SourceReader.primaryKey(connection, table);
        } catch (SQLException e) {
            throw new IllegalStateException("the key of " + table + " cannot be read", e);
        }
    }

    /** Only a slot that the engine makes itself exports a snapshot that hands over exactly. */
    private void dropSlot(Connection connection, SourceState state) throws SQLException {
        if (state.slot().isPresent()) {
            LOG.info("dropping the replication slot {} to begin a snapshot", settings.slot());
            try (PreparedStatement drop = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
                drop.setString(1, settings.slot());
                drop.execute();
            }
        }
    }

    private SnapshotWriter beginSnapshot(SourceState state, SnapshotMeter meter) throws JournalException {
        Tail tail = journal.durableTail();
        long used = tail.snapshotEpoch() == journal.epoch() ? tail.snapshotEvents() : 0;
        SnapshotWriter snapshot = new SnapshotWriter(
                journal.appender(), state.source(), journal.epoch(), Math.max(used, nextSnapshotOrdinal), meter);
        List<TableSchema> known = journal.schemas();
        if (!known.isEmpty()) {
            LOG.info("the snapshot starts over: {} tables are emptied at the targets first", known.size());
            snapshot.startOver(known, RawValues.epochMicros(clock.instant()));
            nextSnapshotOrdinal = snapshot.nextOrdinal();
            journal.appender().force();
        }
        LOG.info("taking a snapshot of {} tables", state.tables().size());
        return snapshot;
    }

    private Start build(
            SourceState state, PgTypes types, @Nullable SnapshotWriter snapshot, @Nullable SnapshotMeter meter) {
        starts++;
        String name = settings.slot() + "-" + journal.id() + "-" + starts;
        RecordJournal records = new RecordJournal(
                journal, listener, clock, types, state.source(), snapshot, meter, this::askSlotLsn, this::askKey);
        EngineContext context = new EngineContext(name, types, snapshotColumns(state, types), () -> offset(snapshot));
        context.register();
        try {
            EngineRun engine =
                    new EngineRun(EngineOptions.of(settings, state, name, journal.schemas()), journal, records);
            return new Start(null, engine, context, snapshot);
        } catch (RuntimeException e) {
            context.unregister();
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

    private Map<String, Map<String, String>> snapshotColumns(SourceState state, PgTypes types) {
        Map<String, Map<String, String>> tables = new HashMap<>();
        for (SourceState.Table table : state.tables()) {
            Map<String, String> columns = new HashMap<>();
            for (SourceState.Column column : table.columns()) {
                String quoted = SourceConnections.identifier(column.name());
                columns.put(quoted, types.of(column.type(), column.typeName()).snapshotExpression(quoted));
            }
            String name = SourceConnections.table(table.id());
            tables.put(name, columns);
            tables.put(SourceConnections.identifier(settings.database()) + "." + name, columns);
        }
        return tables;
    }

    /** Cleans up behind an engine that has ended. */
    void ended(Start start) {
        if (start.context != null) {
            start.context.unregister();
        }
        if (start.snapshot != null) {
            nextSnapshotOrdinal = Math.max(nextSnapshotOrdinal, start.snapshot.nextOrdinal());
        }
    }

    /** Ends the server's process behind our slot, when the engine did not do it in time. Any thread. */
    void terminateWalSender() {
        try (Connection connection = SourceConnections.open(settings);
                PreparedStatement terminate = connection.prepareStatement("SELECT pg_terminate_backend(active_pid) FROM"
                        + " pg_replication_slots WHERE slot_name = ? AND active_pid IS NOT NULL")) {
            terminate.setString(1, settings.slot());
            terminate.execute();
        } catch (SQLException e) {
            LOG.warn(
                    "the connection behind the slot {} could not be ended: {}",
                    settings.slot(),
                    SourceErrors.firstLine(e));
        }
    }
}
