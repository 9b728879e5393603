package dev.tailrace.capture.postgres;

import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.EngineParts;
import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.SourceLook;
import dev.tailrace.capture.StartPlan;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server right before a start: keeps publication and slot as the engine needs them. */
final class PostgresLook implements SourceLook {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLook.class);

    private final PostgresSettings settings;
    private final int patience;
    private final Connection connection;
    private final StartPlan plan;
    private SourceState state;

    private PostgresLook(
            PostgresSettings settings, int patience, Connection connection, SourceState state, StartPlan plan) {
        this.settings = settings;
        this.patience = patience;
        this.connection = connection;
        this.state = state;
        this.plan = plan;
    }

    /** @param patience of the engine's {@link StreamLife} */
    static PostgresLook open(PostgresSettings settings, int patience, Tail tail) throws SQLException {
        Connection connection = SourceConnections.open(settings);
        try {
            SourceState state = SourceReader.read(connection, settings);
            return new PostgresLook(settings, patience, connection, state, PostgresSource.plan(settings, state, tail));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public StartPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> prepare(StartPlan.Kind kind) throws SQLException {
        Publications.ensure(connection, settings, state);
        state = SourceReader.read(connection, settings);
        if (kind == StartPlan.Kind.SNAPSHOT) {
            // without the slot a gap stays known, whatever happens before the snapshot has begun
            dropSlot();
        }
        return SourceIdentity.of(settings, state).toMap();
    }

    /** Only a slot that the engine makes itself exports a snapshot that hands over exactly. */
    private void dropSlot() throws SQLException {
        if (state.slot().isPresent()) {
            LOG.info("dropping the replication slot {} to begin a snapshot", settings.slot());
            try (PreparedStatement drop = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
                drop.setString(1, settings.slot());
                drop.execute();
            }
        }
    }

    @Override
    public String source() {
        return state.source();
    }

    @Override
    public Set<TableId> tables() {
        return state.tables().stream().map(SourceState.Table::id).collect(Collectors.toSet());
    }

    @Override
    public Map<TableId, Long> estimates() throws SQLException {
        return SnapshotEstimate.of(connection, state.tables());
    }

    @Override
    public Optional<SourceOffset> here(long nowMicros) throws SQLException {
        if (state.slot().isEmpty()) {
            try (PreparedStatement create =
                    connection.prepareStatement("SELECT pg_create_logical_replication_slot(?, 'pgoutput')")) {
                create.setString(1, settings.slot());
                create.execute();
            }
        }
        long lsn = slotLsn(connection, settings);
        return Optional.of(PostgresRecord.offset(state.source(), lsn, nowMicros));
    }

    static long slotLsn(Connection connection, PostgresSettings settings) throws SQLException {
        return SourceReader.slot(connection, settings.slot())
                .map(SourceState.Slot::confirmedLsn)
                .orElseThrow(() ->
                        new SQLException("the replication slot " + settings.slot() + " is gone already", "42704"));
    }

    @Override
    public EngineParts engine(String name, StartPlan.Kind kind, Journal journal) throws SQLException {
        PgTypes types = PgTypes.read(
                connection, SourceConnections.moneyDigits(settings), () -> SourceConnections.open(settings));
        StreamPulse pulse = new StreamPulse();
        EngineLinks connections = EngineLinks.of(name);
        EngineSessions sessions = new EngineSessions(settings);
        StreamLife stream = new StreamLife(settings, journal, pulse, connections::received, sessions, patience);
        LinkWatch links = new LinkWatch(connections, sessions, Duration.ofSeconds(patience));
        return new EngineParts(
                PostgresOptions.of(settings, state, name, journal.schemas()),
                new PostgresReader(settings, types, state.source(), pulse),
                new PostgresContext(types, new SnapshotQueries(settings, state.source(), types, quoted())),
                onFinding -> new PostgresWatch(
                        settings,
                        journal::durableTail,
                        () -> pulse.isStreaming() ? stream.look() : links.look(),
                        onFinding),
                UncarriedValueException::explain,
                finding -> false,
                () -> {
                    connections.cut();
                    // a server that waits for an answer keeps the slot in use until it gives up by itself
                    sessions.endSender();
                },
                () -> EngineLinks.forget(name));
    }

    /** By both ways in which the engine quotes their names. */
    private Map<String, TableId> quoted() {
        Map<String, TableId> tables = new HashMap<>();
        for (SourceState.Table table : state.tables()) {
            String name = SourceConnections.table(table.id());
            tables.put(name, table.id());
            tables.put(SourceConnections.identifier(settings.database()) + "." + name, table.id());
        }
        return tables;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The key of a table now. */
    static List<String> primaryKey(PostgresSettings settings, TableId table) {
        try (Connection connection = SourceConnections.open(settings)) {
            return SourceReader.primaryKey(connection, table);
        } catch (SQLException e) {
            throw new IllegalStateException("the key of " + table + " cannot be read", e);
        }
    }
}
