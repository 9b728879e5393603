package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineLinks;
import dev.tailrace.capture.EngineParts;
import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.SourceLook;
import dev.tailrace.capture.StartPlan;
import dev.tailrace.capture.StreamPulse;
import dev.tailrace.config.Finding;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A MySQL server right before a start. There is nothing of ours at the server to be kept. */
final class MySqlLook implements SourceLook {
    private final MySqlSettings settings;
    private final Duration patience;
    private final ImpossibleDates dates;
    private final SkippedStatements skipped;
    private final RestatedTables restated;
    private final MySqlState state;
    private final StartPlan plan;
    private final Optional<StartPlace> from;

    private MySqlLook(
            MySqlSettings settings,
            Duration patience,
            ImpossibleDates dates,
            SkippedStatements skipped,
            RestatedTables restated,
            MySqlState state,
            StartPlan plan,
            Optional<StartPlace> from) {
        this.settings = settings;
        this.patience = patience;
        this.dates = dates;
        this.skipped = skipped;
        this.restated = restated;
        this.state = state;
        this.plan = plan;
        this.from = from;
    }

    /** @param patience of the engine's {@link LinkWatch} */
    static MySqlLook open(
            MySqlSettings settings,
            Duration patience,
            ImpossibleDates dates,
            SkippedStatements skipped,
            RestatedTables restated,
            Tail tail)
            throws SQLException {
        try (Connection connection = MySqlConnections.open(settings)) {
            MySqlState state = MySqlStateReader.read(connection, settings);
            StartPlan plan = MySqlSource.plan(settings, state, tail);
            Optional<StartPlace> from = Optional.empty();
            if (plan.kind() == StartPlan.Kind.FROM_NOW && !plan.blocked()) {
                Optional<StartPlace> first = StartPlace.of(tail);
                from = first.isPresent() ? first : Optional.of(StartPlace.read(connection, settings, state));
            }
            List<Finding> findings = new ArrayList<>(plan.findings());
            if (plan.kind() == StartPlan.Kind.SNAPSHOT) {
                restated.forget(); // a snapshot has the shapes of now
            } else if (!plan.blocked()) {
                findings.addAll(restated.resolve(connection, state));
            }
            return new MySqlLook(
                    settings, patience, dates, skipped, restated, state, new StartPlan(plan.kind(), findings), from);
        }
    }

    @Override
    public StartPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> prepare(StartPlan.Kind kind) {
        Map<String, String> identity = MySqlGaps.identity(state);
        from.ifPresent(place -> identity.putAll(place.toMap()));
        return identity;
    }

    @Override
    public String source() {
        return state.source();
    }

    @Override
    public Set<TableId> tables() {
        return state.tables().stream().map(MySqlState.Table::id).collect(Collectors.toSet());
    }

    @Override
    public Map<TableId, Long> estimates() {
        return state.tables().stream().collect(Collectors.toMap(MySqlState.Table::id, MySqlState.Table::rows));
    }

    /** The place alone is not enough: the engine has to read the shapes of the tables too. */
    @Override
    public Optional<SourceOffset> here(long nowMicros) {
        return Optional.empty();
    }

    @Override
    public EngineParts engine(String name, StartPlan.Kind kind, Journal journal) {
        SchemaNotes notes = new SchemaNotes(journal.schemaHistory().keySet());
        StreamPulse pulse = new StreamPulse();
        LogBirths births = new LogBirths(
                kind == StartPlan.Kind.RESUME
                        ? journal.durableTail()
                                .offset()
                                .filter(offset -> offset.position().source().equals(state.source()))
                        : Optional.empty());
        EngineLinks connections = EngineLinks.of(name);
        LinkWatch links = new LinkWatch(connections, new EngineSessions(settings), patience);
        Optional<SourceOffset> givenUp =
                kind == StartPlan.Kind.SNAPSHOT ? journal.durableTail().offset() : Optional.empty();
        restated.begin(state.uuid());
        CapturedNames captured = new CapturedNames(settings.common().tables(), state.caseless());
        return new EngineParts(
                MySqlOptions.of(settings, skipped, kind, name),
                new MySqlReader(settings, state.source(), notes, dates, pulse, births, from, journal.schemaHistory()),
                new MySqlContext(
                        state.source(),
                        captured,
                        notes,
                        pulse,
                        births,
                        PreparedTransactions.of(settings, captured),
                        restated,
                        () -> journal.durableTail().offset(),
                        from,
                        journal::schemaHistory),
                onFinding -> new BinlogWatch(
                        settings, journal, pulse, links, connections::received, patience, givenUp, onFinding),
                failure -> RefusedEventException.explain(failure)
                        .or(() -> MySqlErrors.lost(settings, failure))
                        .or(() -> restated.explain(failure, known(journal))),
                RefusedEventException::isOne,
                connections::cut,
                () -> {
                    EngineTables.unregister(name);
                    EngineLinks.forget(name);
                });
    }

    /** The tables that are captured, and those that were: their rows may still be to come. */
    private Set<TableId> known(Journal journal) {
        Stream<TableId> remembered =
                journal.schemaHistory().keySet().stream().flatMap(key -> SchemaNote.table(key).stream());
        return Stream.of(
                        tables().stream(),
                        journal.schemas().stream().map(TableSchema::table),
                        remembered.filter(settings.common().wanted()))
                .flatMap(found -> found)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {}
}
