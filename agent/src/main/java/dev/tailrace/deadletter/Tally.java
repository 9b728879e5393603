package dev.tailrace.deadletter;

import dev.tailrace.event.TableId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the file has counted, read again when somebody changed it. One thread. */
final class Tally {
    private static final String PARKED = "parked";

    private final LetterFile file;
    private LetterFile.@Nullable Version seen;
    private Set<TableId> tables = Set.of();
    private Counts counts = Counts.NONE;
    private long untried;

    Tally(LetterFile file) {
        this.file = file;
    }

    /** Tables with parked rows. */
    Set<TableId> tables() throws DeadLetterException {
        refresh();
        return tables;
    }

    Counts counts() throws DeadLetterException {
        refresh();
        return counts;
    }

    /** Lanes that are no dead letters. */
    long untried() throws DeadLetterException {
        refresh();
        return untried;
    }

    private void refresh() throws DeadLetterException {
        if (!file.exists()) {
            return;
        }
        try {
            LetterFile.Version now = file.version();
            if (!now.equals(seen)) {
                load();
                seen = now;
            }
        } catch (SQLException e) {
            throw file.failed(e);
        }
    }

    private void load() throws DeadLetterException, SQLException {
        Set<TableId> found = new HashSet<>();
        Map<String, Long> tally = new HashMap<>();
        try (ResultSet rows =
                file.statement("SELECT what, name, n FROM tally WHERE n <> 0").executeQuery()) {
            while (rows.next()) {
                String what = rows.getString(1);
                tally.merge(what, rows.getLong(3), Long::sum);
                tally.put(what + " " + rows.getString(2), rows.getLong(3));
                if (what.equals(PARKED)) {
                    found.add(TableNames.of(rows.getString(2)));
                }
            }
        }
        long lanes = tally.getOrDefault("lane", 0L);
        long trying = tally.getOrDefault("lane " + LaneState.TRYING.label(), 0L);
        untried = lanes - tally.getOrDefault("lane " + LaneState.DEAD.label(), 0L);
        tables = Set.copyOf(found);
        counts = new Counts(
                lanes - trying,
                tally.getOrDefault(PARKED, 0L),
                tally.getOrDefault("letter", 0L),
                tally.getOrDefault("dead", 0L));
    }
}
