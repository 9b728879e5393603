package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineParts;
import dev.tailrace.capture.SourceLook;
import dev.tailrace.capture.StartPlan;
import dev.tailrace.config.Finding;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.SQLException;
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
    private final ImpossibleDates dates;
    private final SkippedStatements skipped;
    private final RestatedTables restated;
    private final MySqlState state;
    private final StartPlan plan;

    private MySqlLook(
            MySqlSettings settings,
            ImpossibleDates dates,
            SkippedStatements skipped,
            RestatedTables restated,
            MySqlState state,
            StartPlan plan) {
        this.settings = settings;
        this.dates = dates;
        this.skipped = skipped;
        this.restated = restated;
        this.state = state;
        this.plan = plan;
    }

    static MySqlLook open(
            MySqlSettings settings,
            ImpossibleDates dates,
            SkippedStatements skipped,
            RestatedTables restated,
            Tail tail)
            throws SQLException {
        try (Connection connection = MySqlConnections.open(settings)) {
            MySqlState state = MySqlStateReader.read(connection, settings);
            StartPlan plan = MySqlSource.plan(settings, state, tail);
            List<Finding> findings = new ArrayList<>(plan.findings());
            findings.addAll(restated.resolve(connection, state));
            return new MySqlLook(settings, dates, skipped, restated, state, new StartPlan(plan.kind(), findings));
        }
    }

    @Override
    public StartPlan plan() {
        return plan;
    }

    @Override
    public Map<String, String> prepare(StartPlan.Kind kind) {
        return MySqlGaps.identity(state);
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

    /** The engine finds the place itself, while it reads the shapes of the tables under the same lock. */
    @Override
    public Optional<SourceOffset> here(long nowMicros) {
        return Optional.empty();
    }

    @Override
    public EngineParts engine(String name, StartPlan.Kind kind, Journal journal) {
        SchemaNotes notes = new SchemaNotes(journal::schemaHistory);
        StreamPulse pulse = new StreamPulse();
        restated.begin(state.uuid());
        return new EngineParts(
                MySqlOptions.of(settings, skipped, kind, name),
                new MySqlReader(settings, state.source(), notes, dates, pulse),
                new MySqlContext(
                        state.source(),
                        notes,
                        pulse,
                        restated,
                        () -> journal.durableTail().offset(),
                        journal::schemaHistory),
                onFinding -> new BinlogWatch(settings, journal, pulse, onFinding),
                failure -> RefusedEventException.explain(failure).or(() -> restated.explain(failure, known(journal))),
                () -> EngineTables.unregister(name));
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
