package dev.tailrace.capture.postgres;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps our publication at exactly the captured tables. */
final class Publications {
    private static final Logger LOG = LoggerFactory.getLogger(Publications.class);

    private Publications() {}

    /** Captured tables that the publication lacks. */
    static List<SourceState.Table> missing(SourceState state) {
        if (state.publication().filter(SourceState.Publication::allTables).isPresent()) {
            return List.of();
        }
        Set<TableId> listed = state.publication().stream()
                .flatMap(found -> found.tables().stream())
                .map(SourceState.Member::table)
                .collect(Collectors.toCollection(HashSet::new));
        return state.tables().stream()
                .filter(table -> !listed.contains(table.id()))
                .toList();
    }

    static String create(PostgresSettings settings, SourceState state) {
        String generated = state.version() >= 180_000 ? ", publish_generated_columns = stored" : "";
        return "CREATE PUBLICATION " + SourceConnections.identifier(settings.publication()) + " FOR TABLE "
                + sql(state.tables()) + " WITH (publish_via_partition_root = true" + generated + ");";
    }

    static String add(PostgresSettings settings, List<SourceState.Table> tables) {
        return "ALTER PUBLICATION " + SourceConnections.identifier(settings.publication()) + " ADD TABLE " + sql(tables)
                + ";";
    }

    /** Creates or extends the publication; must be done before the slot is made and before streaming. */
    static void ensure(Connection connection, PostgresSettings settings, SourceState state) throws SQLException {
        if (state.publication().isEmpty()) {
            execute(connection, create(settings, state));
            LOG.info(
                    "created the publication {} for {} tables",
                    settings.publication(),
                    state.tables().size());
            return;
        }
        List<SourceState.Table> missing = missing(state);
        if (!missing.isEmpty()) {
            execute(connection, add(settings, missing));
            LOG.info("added {} tables to the publication {}", missing.size(), settings.publication());
        }
        SourceState.Publication found = state.publication().get();
        Set<TableId> captured =
                state.tables().stream().map(SourceState.Table::id).collect(Collectors.toCollection(HashSet::new));
        List<TableId> surplus = found.tables().stream()
                .map(SourceState.Member::table)
                .filter(table -> !captured.contains(table))
                .toList();
        if (!surplus.isEmpty() && found.owned()) {
            execute(
                    connection,
                    "ALTER PUBLICATION " + SourceConnections.identifier(settings.publication()) + " DROP TABLE "
                            + SourceChecks.sqlTables(surplus) + ";");
            LOG.info("took {} tables out of the publication {}", surplus.size(), settings.publication());
        }
    }

    private static String sql(List<SourceState.Table> tables) {
        return SourceChecks.sqlTables(tables.stream().map(SourceState.Table::id).toList());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
