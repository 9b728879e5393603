package dev.tailrace.capture.postgres;

import dev.tailrace.capture.SourceErrors;
import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many rows a snapshot will read: the density that ANALYZE saw times the size of now, as the server's planner
 * reckons; where ANALYZE has never been, the density of the first pages. A table that cannot be told is absent.
 */
final class SnapshotEstimate {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotEstimate.class);
    private static final int SAMPLED_PAGES = 128;
    private static final int SAMPLE_SECONDS = 5;

    /** One row for each table, or for each leaf of a partitioned one. */
    private static final String SIZES = "SELECT w.s, w.t, n.nspname, l.relname, l.reltuples::float8, l.relpages,"
            + " pg_relation_size(l.oid) / current_setting('block_size')::int8"
            + " FROM unnest(?::text[], ?::text[]) AS w(s, t)"
            + " JOIN pg_catalog.pg_namespace rn ON rn.nspname = w.s"
            + " JOIN pg_catalog.pg_class r ON r.relnamespace = rn.oid AND r.relname = w.t"
            + " CROSS JOIN LATERAL (SELECT r.oid AS id WHERE r.relkind <> 'p' UNION ALL SELECT p.relid::oid FROM"
            + " pg_partition_tree(r.oid) p WHERE r.relkind = 'p' AND p.isleaf) AS m"
            + " JOIN pg_catalog.pg_class l ON l.oid = m.id JOIN pg_catalog.pg_namespace n ON n.oid = l.relnamespace";

    private SnapshotEstimate() {}

    static Map<TableId, Long> of(Connection connection, List<SourceState.Table> tables) throws SQLException {
        Map<TableId, Long> estimates = new HashMap<>();
        Set<TableId> unknown = new HashSet<>();
        tables.forEach(table -> estimates.put(table.id(), 0L));
        try (PreparedStatement sizes = connection.prepareStatement(SIZES)) {
            sizes.setArray(1, texts(connection, tables.stream().map(t -> t.id().schema())));
            sizes.setArray(2, texts(connection, tables.stream().map(t -> t.id().table())));
            try (ResultSet rows = sizes.executeQuery()) {
                while (rows.next()) {
                    TableId table = new TableId(rows.getString(1), rows.getString(2));
                    TableId part = new TableId(rows.getString(3), rows.getString(4));
                    long pages = rows.getLong(7);
                    double density = pages == 0 ? 0 : density(connection, part, rows.getDouble(5), rows.getInt(6));
                    if (density < 0) {
                        unknown.add(table);
                    }
                    estimates.merge(table, Math.round(density * pages), Long::sum);
                }
            }
        }
        estimates.keySet().removeAll(unknown);
        return estimates;
    }

    private static java.sql.Array texts(Connection connection, java.util.stream.Stream<String> names)
            throws SQLException {
        return connection.createArrayOf("text", names.toArray());
    }

    /** Rows on a page; -1 when it cannot be told. */
    private static double density(Connection connection, TableId table, double tuples, int pagesThen) {
        return tuples >= 0 && pagesThen > 0 ? tuples / pagesThen : sampled(connection, table);
    }

    private static double sampled(Connection connection, TableId table) {
        String name = SourceConnections.table(table);
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SAMPLE_SECONDS); // a number for people is not worth waiting for a lock
            try (ResultSet row = statement.executeQuery("SELECT count(*), least(" + SAMPLED_PAGES
                    + ", pg_relation_size('"
                    + name.replace("'", "''") + "'::regclass) / current_setting('block_size')::int8) FROM ONLY " + name
                    + " WHERE ctid < '(" + SAMPLED_PAGES + ",0)'::tid")) {
                row.next();
                long pages = row.getLong(2);
                return pages == 0 ? 0 : (double) row.getLong(1) / pages;
            }
        } catch (SQLException e) {
            LOG.debug("the rows of {} cannot be estimated: {}", table, SourceErrors.firstLine(e));
            return -1;
        }
    }
}
