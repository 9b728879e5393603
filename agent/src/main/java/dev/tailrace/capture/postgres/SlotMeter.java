package dev.tailrace.capture.postgres;

import dev.tailrace.capture.LogMeter;
import dev.tailrace.capture.SourceLog;
import dev.tailrace.journal.Tail;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the replication slot keeps of PostgreSQL's log. */
final class SlotMeter implements LogMeter {
    /** Of a lost slot the server knows no place any more. */
    private static final String SLOT = "SELECT coalesce(s.wal_status, 'lost'),"
            + " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn), 0)::int8, s.safe_wal_size,"
            + " (SELECT CASE WHEN setting::int8 < 0 THEN NULL ELSE setting::int8 * 1048576 END"
            + " FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'),"
            + " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::int8"
            + " FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?";

    private final PostgresSettings settings;
    private long lastEnd = -1;

    SlotMeter(PostgresSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Reading> read(Tail tail) throws SQLException {
        try (Connection connection = SourceConnections.openBriefly(settings);
                PreparedStatement query = connection.prepareStatement(SLOT)) {
            query.setString(1, settings.slot());
            try (ResultSet slot = query.executeQuery()) {
                if (!slot.next()) {
                    return Optional.empty();
                }
                long end = slot.getLong(5);
                long written = lastEnd < 0 ? 0 : end - lastEnd;
                lastEnd = end;
                SourceLog log = new SourceLog(
                        slot.getString(1), slot.getLong(2), number(slot, 4), number(slot, 3), null, null, 0);
                return Optional.of(new Reading(log, written));
            }
        }
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
