package dev.tailrace.capture.mysql;

import dev.tailrace.capture.LinkWatch;
import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceLook;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.StartPlan;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A configured MySQL server. */
final class MySqlSource implements SourceDefinition {
    private final MySqlSettings settings;
    private final Duration patience;
    private final ImpossibleDates dates;
    private final SkippedStatements skipped = new SkippedStatements();
    private final RestatedTables restated = new RestatedTables(skipped);

    MySqlSource(MySqlSettings settings) {
        this(settings, LinkWatch.PATIENCE);
    }

    /** @param patience of the engine's {@link LinkWatch} and {@link BinlogWatch} */
    MySqlSource(MySqlSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
        this.dates = new ImpossibleDates(settings.zeroDates());
    }

    @Override
    public SourceSettings settings() {
        return settings.common();
    }

    @Override
    public String description() {
        return "mysql " + settings.where();
    }

    @Override
    public List<Finding> preflight(Optional<Tail> tail) {
        try (Connection connection = MySqlConnections.open(settings)) {
            MySqlState state = MySqlStateReader.read(connection, settings);
            return tail.isPresent()
                    ? plan(settings, state, tail.get()).findings()
                    : List.copyOf(MySqlChecks.check(settings, state));
        } catch (SQLException e) {
            return List.of(explain(e));
        }
    }

    static StartPlan plan(MySqlSettings settings, MySqlState state, Tail tail) {
        return StartPlan.of(
                settings.common().snapshot(),
                MySqlChecks.check(settings, state),
                MySqlGaps.check(state, needed(tail)),
                gap -> false,
                tail);
    }

    /** Also the place of a first start must still be in the log, when nothing was journaled behind it. */
    private static Tail needed(Tail tail) {
        return StartPlace.of(tail)
                .map(place -> new Tail(
                        Optional.of(place.offset(LogBirths.unknown())),
                        tail.snapshot(),
                        tail.snapshotEpoch(),
                        tail.snapshotEvents(),
                        tail.source(),
                        tail.sequence()))
                .orElse(tail);
    }

    @Override
    public SourceLook look(Tail tail) throws SQLException {
        return MySqlLook.open(settings, patience, dates, skipped, restated, tail);
    }

    @Override
    public LogMeter logMeter() {
        return new BinlogMeter(settings);
    }

    @Override
    public Finding explain(SQLException failure) {
        return MySqlErrors.explain(settings, failure);
    }

    @Override
    public Map<String, Long> zeroDates() {
        return dates.counts();
    }

    @Override
    public void abandon() {
        new EngineSessions(settings).endReaders();
    }
}
