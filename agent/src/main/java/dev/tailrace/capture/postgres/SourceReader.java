package dev.tailrace.capture.postgres;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads a {@link SourceState} from the catalog. Changes nothing. */
final class SourceReader {
    private static final String SERVER = "SELECT current_setting('server_version_num')::int,"
            + " (SELECT system_identifier::text FROM pg_control_system()), pg_is_in_recovery(),"
            + " current_setting('wal_level'),"
            + " CASE WHEN pg_is_in_recovery() THEN '0/0' ELSE pg_current_wal_lsn()::text END,"
            + " CASE WHEN pg_is_in_recovery() THEN '00000000' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,"
            + " current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots),"
            + " current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_activity WHERE backend_type ="
            + " 'walsender'),"
            + " (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user),"
            + " has_database_privilege(current_database(), 'CREATE'),"
            + " (SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'),"
            + " (SELECT oid::regprocedure::text FROM pg_catalog.pg_proc WHERE proname = 'pg_logical_emit_message'"
            + " AND pronamespace = 'pg_catalog'::regnamespace AND 'text'::regtype = proargtypes[2]"
            + " AND NOT has_function_privilege(oid, 'EXECUTE'))";

    private static final String TABLES = "SELECT c.oid::int8, n.nspname, c.relname, c.relkind = 'p',"
            + " c.relpersistence = 'p', c.relreplident::text, p.indexrelid IS NOT NULL,"
            + " c.relreplident <> 'i' OR i.indrelid IS NOT NULL AND p.indexrelid = i.indexrelid,"
            + " has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),"
            + " pg_has_role(c.relowner, 'USAGE'),"
            + " ARRAY(SELECT a.relid::oid::int8 FROM pg_partition_ancestors(c.oid) AS a(relid)"
            + " WHERE c.relispartition AND a.relid::oid <> c.oid)"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " LEFT JOIN pg_catalog.pg_index p ON p.indrelid = c.oid AND p.indisprimary"
            + " LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisreplident"
            + " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
            + " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'"
            + " ORDER BY n.nspname, c.relname";

    private static final String COLUMNS = "SELECT a.attrelid::int8, a.attname, a.atttypid::int8, t.typname,"
            + " a.attgenerated::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
            + " WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

    private static final String PUBLICATION = "SELECT p.oid::int8, pg_has_role(p.pubowner, 'USAGE'),"
            + " p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate AND p.pubviaroot,"
            + " coalesce(to_jsonb(p)->>'pubgencols', '') IN ('s', 'true'), p.puballtables"
            + " FROM pg_catalog.pg_publication p WHERE p.pubname = ?";

    private static final String MEMBERS = "SELECT n.nspname, c.relname, r.oid::int8,"
            + " to_jsonb(r)->>'prqual' IS NOT NULL OR to_jsonb(r)->>'prattrs' IS NOT NULL"
            + " FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = ?::int8::oid ORDER BY 1, 2";

    private static final String SLOT = "SELECT s.plugin, s.database, s.temporary, coalesce(s.active_pid, 0),"
            + " s.confirmed_flush_lsn::text, coalesce(to_jsonb(s)->>'invalidation_reason', CASE WHEN s.wal_status ="
            + " 'lost' THEN 'wal_removed' END, '') FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?";

    private static final String PRIMARY_KEY = "SELECT a.attname FROM pg_catalog.pg_index i"
            + " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])"
            + " WHERE i.indisprimary AND n.nspname = ? AND c.relname = ?"
            + " ORDER BY array_position(i.indkey::int2[], a.attnum)";

    private SourceReader() {}

    static SourceState read(Connection connection, PostgresSettings settings) throws SQLException {
        // An older server lacks columns that are asked for here; that it is too old is told by what is left.
        boolean known = connection.getMetaData().getDatabaseMajorVersion() >= SourceState.OLDEST;
        List<SourceState.Table> tables = known ? tables(connection, settings) : List.of();
        Optional<SourceState.Publication> publication =
                known ? publication(connection, settings.publication()) : Optional.empty();
        Optional<SourceState.Slot> slot = known ? slot(connection, settings.slot()) : Optional.empty();
        try (Statement statement = connection.createStatement();
                ResultSet server = statement.executeQuery(SERVER)) {
            server.next();
            return new SourceState(
                    server.getInt(1),
                    server.getString(2),
                    Integer.parseInt(server.getString(6), 16),
                    server.getBoolean(3),
                    server.getString(4),
                    SourceConnections.lsn(server.getString(5)),
                    server.getInt(7),
                    server.getInt(8),
                    server.getBoolean(9),
                    server.getBoolean(10),
                    Optional.ofNullable(server.getString(12)),
                    server.getLong(11),
                    tables,
                    publication,
                    slot);
        }
    }

    /** The primary key's columns in its order, empty when there is none. */
    static List<String> primaryKey(Connection connection, TableId table) throws SQLException {
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.table());
            try (ResultSet columns = statement.executeQuery()) {
                while (columns.next()) {
                    key.add(columns.getString(1));
                }
            }
        }
        return key;
    }

    static Optional<SourceState.Slot> slot(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SLOT)) {
            statement.setString(1, name);
            try (ResultSet slot = statement.executeQuery()) {
                if (!slot.next()) {
                    return Optional.empty();
                }
                String confirmed = slot.getString(5);
                return Optional.of(new SourceState.Slot(
                        slot.getString(1) == null ? "" : slot.getString(1),
                        slot.getString(2) == null ? "" : slot.getString(2),
                        slot.getBoolean(3),
                        slot.getInt(4),
                        confirmed == null ? 0 : SourceConnections.lsn(confirmed),
                        slot.getString(6)));
            }
        }
    }

    static Optional<SourceState.Publication> publication(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUBLICATION)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    return Optional.empty();
                }
                return Optional.of(new SourceState.Publication(
                        found.getLong(1),
                        found.getBoolean(2),
                        found.getBoolean(3),
                        found.getBoolean(4),
                        found.getBoolean(5),
                        members(connection, found.getLong(1))));
            }
        }
    }

    private static List<SourceState.Member> members(Connection connection, long publication) throws SQLException {
        List<SourceState.Member> members = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(MEMBERS)) {
            statement.setLong(1, publication);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    TableId table = new TableId(rows.getString(1), rows.getString(2));
                    members.add(new SourceState.Member(table, rows.getLong(3), rows.getBoolean(4)));
                }
            }
        }
        return members;
    }

    private record Found(long oid, List<Long> ancestors, SourceState.Table table) {}

    private static List<SourceState.Table> tables(Connection connection, PostgresSettings settings)
            throws SQLException {
        Predicate<TableId> wanted = settings.common().wanted();
        List<Found> matching = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                TableId id = new TableId(rows.getString(2), rows.getString(3));
                if (wanted.test(id)) {
                    matching.add(found(rows, id));
                }
            }
        }
        Set<Long> oids = matching.stream().map(Found::oid).collect(Collectors.toCollection(HashSet::new));
        // a partition is captured through its root, unless the root is not
        matching.removeIf(found -> found.ancestors.stream().anyMatch(oids::contains));
        Map<Long, List<SourceState.Column>> columns = columns(connection, matching);
        return matching.stream()
                .map(found -> withColumns(found.table, columns.getOrDefault(found.oid, List.of())))
                .toList();
    }

    private static Found found(ResultSet rows, TableId id) throws SQLException {
        SourceState.Table table = new SourceState.Table(
                id,
                rows.getBoolean(4),
                rows.getBoolean(5),
                rows.getString(6).charAt(0),
                rows.getBoolean(7),
                rows.getBoolean(8),
                rows.getBoolean(9),
                rows.getBoolean(10),
                List.of());
        Long[] ancestors = (Long[]) rows.getArray(11).getArray();
        return new Found(rows.getLong(1), Arrays.asList(ancestors), table);
    }

    private static SourceState.Table withColumns(SourceState.Table table, List<SourceState.Column> columns) {
        return new SourceState.Table(
                table.id(),
                table.partitioned(),
                table.logged(),
                table.identity(),
                table.hasKey(),
                table.identityIsKey(),
                table.readable(),
                table.owned(),
                columns);
    }

    private static Map<Long, List<SourceState.Column>> columns(Connection connection, List<Found> tables)
            throws SQLException {
        Map<Long, List<SourceState.Column>> columns = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", tables.stream().map(Found::oid).toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.computeIfAbsent(rows.getLong(1), table -> new ArrayList<>())
                            .add(new SourceState.Column(
                                    rows.getString(2), (int) rows.getLong(3), rows.getString(4), rows.getString(5)));
                }
            }
        }
        return columns;
    }
}
