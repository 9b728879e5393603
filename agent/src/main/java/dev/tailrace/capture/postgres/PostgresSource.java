package dev.tailrace.capture.postgres;

import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceLook;
import dev.tailrace.capture.SourceSettings;
import dev.tailrace.capture.StartPlan;
import dev.tailrace.config.Finding;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A configured PostgreSQL server. */
final class PostgresSource implements SourceDefinition {
    private final PostgresSettings settings;
    private final int patience;

    PostgresSource(PostgresSettings settings) {
        this(settings, StreamLife.PATIENCE);
    }

    /** @param patience seconds without a move after which the stream is looked into */
    PostgresSource(PostgresSettings settings, int patience) {
        this.settings = settings;
        this.patience = patience;
    }

    @Override
    public SourceSettings settings() {
        return settings.common();
    }

    @Override
    public String description() {
        return "postgres " + settings.host() + ":" + settings.port() + "/" + settings.database();
    }

    @Override
    public List<Finding> preflight(Optional<Tail> tail) {
        try (Connection connection = SourceConnections.open(settings)) {
            SourceState state = SourceReader.read(connection, settings);
            return tail.isPresent()
                    ? plan(settings, state, tail.get()).findings()
                    : List.copyOf(SourceChecks.check(settings, state));
        } catch (SQLException e) {
            return List.of(explain(e));
        }
    }

    static StartPlan plan(PostgresSettings settings, SourceState state, Tail tail) {
        return StartPlan.of(
                settings.common().snapshot(),
                SourceChecks.check(settings, state),
                GapChecks.check(settings, state, tail),
                GapChecks::isForeign,
                tail);
    }

    @Override
    public SourceLook look(Tail tail) throws SQLException {
        return PostgresLook.open(settings, patience, tail);
    }

    @Override
    public LogMeter logMeter() {
        return new SlotMeter(settings);
    }

    @Override
    public Finding explain(SQLException failure) {
        return PostgresErrors.explain(settings, failure);
    }

    @Override
    public void abandon() {
        new EngineSessions(settings).endSender();
    }
}
