package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link MySqlState} from a server. Changes nothing. */
final class MySqlStateReader {
    private static final int ACCESS_DENIED_FOR_TABLE = 1142;
    private static final int ACCESS_DENIED_FOR_COLUMN = 1143;
    private static final int RIGHT_NEEDED = 1227;

    private static final Pattern GRANT = Pattern.compile("(?i)^GRANT (.*) ON \\*\\.\\* TO .*", Pattern.DOTALL);

    private static final String TABLES = "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.ENGINE, t.TABLE_ROWS,"
            + " EXISTS (SELECT 1 FROM information_schema.TABLE_CONSTRAINTS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA"
            + " AND c.TABLE_NAME = t.TABLE_NAME AND c.CONSTRAINT_TYPE = 'PRIMARY KEY'),"
            + " EXISTS (SELECT 1 FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA"
            + " AND c.TABLE_NAME = t.TABLE_NAME AND c.DATA_TYPE IN ('enum', 'set') AND c.COLUMN_TYPE LIKE '%?%'"
            + " AND c.CHARACTER_SET_NAME IN ('utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030'))"
            + " FROM information_schema.TABLES t WHERE t.TABLE_TYPE = 'BASE TABLE'"
            + " AND t.TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
            + " ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME";

    private static final String PRIMARY_KEY = "SELECT COLUMN_NAME FROM information_schema.STATISTICS"
            + " WHERE INDEX_NAME = 'PRIMARY' AND TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY SEQ_IN_INDEX";

    private MySqlStateReader() {}

    static MySqlState read(Connection connection, MySqlSettings settings) throws SQLException {
        Map<String, String> variables = variables(connection);
        String version = variables.getOrDefault("version", "");
        boolean gtids = on(variables, "gtid_mode");
        return new MySqlState(
                version,
                version.toLowerCase(Locale.ROOT).contains("mariadb"),
                variables.getOrDefault("server_uuid", ""),
                Long.parseLong(variables.getOrDefault("server_id", "0")),
                on(variables, "log_bin"),
                variables.getOrDefault("binlog_format", "ROW"),
                variables.getOrDefault("binlog_row_image", "FULL"),
                variables.getOrDefault("binlog_row_value_options", "").contains("PARTIAL_JSON"),
                on(variables, "binlog_transaction_compression"),
                !variables.getOrDefault("lower_case_table_names", "0").equals("0"),
                gtids,
                gtids ? Gtids.parse(variables.getOrDefault("gtid_executed", "")) : Gtids.NONE,
                gtids ? Gtids.parse(variables.getOrDefault("gtid_purged", "")) : Gtids.NONE,
                variables.getOrDefault("binlog_expire_logs_auto_purge", "ON").equalsIgnoreCase("OFF")
                        ? 0
                        : Long.parseLong(variables.getOrDefault("binlog_expire_logs_seconds", "0")),
                log(connection, on(variables, "log_bin")),
                rights(connection),
                account(connection),
                tables(connection, settings.common().wanted()));
    }

    private static boolean on(Map<String, String> variables, String name) {
        String value = variables.getOrDefault(name, "OFF");
        return value.equalsIgnoreCase("ON") || value.equals("1");
    }

    private static Map<String, String> variables(Connection connection) throws SQLException {
        Map<String, String> variables = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version',"
                        + " 'server_uuid', 'server_id', 'log_bin', 'binlog_format', 'binlog_row_image',"
                        + " 'binlog_row_value_options', 'binlog_transaction_compression', 'gtid_mode', 'gtid_executed',"
                        + " 'lower_case_table_names',"
                        + " 'gtid_purged', 'binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')")) {
            while (rows.next()) {
                variables.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
            }
        }
        return variables;
    }

    /** Empty when the user may not see it. */
    static Optional<List<MySqlState.LogFile>> log(Connection connection, boolean written) throws SQLException {
        if (!written) {
            return Optional.of(List.of());
        }
        List<MySqlState.LogFile> files = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
            while (rows.next()) {
                files.add(new MySqlState.LogFile(rows.getString(1), rows.getLong(2)));
            }
            return Optional.of(files);
        } catch (SQLException e) {
            if (e.getErrorCode() == RIGHT_NEEDED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Granted for everything, roles that are active included. */
    private static Set<String> rights(Connection connection) throws SQLException {
        Set<String> rights = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            String roles = "NONE";
            try (ResultSet row = statement.executeQuery("SELECT CURRENT_ROLE()")) {
                if (row.next()) {
                    roles = row.getString(1);
                }
            }
            String grants = roles.equals("NONE") ? "SHOW GRANTS" : "SHOW GRANTS FOR CURRENT_USER() USING " + roles;
            try (ResultSet rows = statement.executeQuery(grants)) {
                while (rows.next()) {
                    Matcher grant = GRANT.matcher(rows.getString(1));
                    if (grant.matches()) {
                        for (String right : grant.group(1).split(",")) {
                            rights.add(right.trim().toUpperCase(Locale.ROOT));
                        }
                    }
                }
            }
        }
        return rights;
    }

    /** Not the name that logs in, but the account that the server found for it. */
    private static String account(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            String account = row.getString(1);
            int at = account.lastIndexOf('@');
            return MySqlConnections.literal(account.substring(0, at)) + "@"
                    + MySqlConnections.literal(account.substring(at + 1));
        }
    }

    private static List<MySqlState.Table> tables(Connection connection, Predicate<TableId> wanted) throws SQLException {
        List<MySqlState.Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                TableId id = new TableId(rows.getString(1), rows.getString(2));
                if (wanted.test(id)) {
                    String engine = rows.getString(3);
                    tables.add(new MySqlState.Table(
                            id,
                            engine == null ? "" : engine,
                            rows.getBoolean(5),
                            false,
                            rows.getBoolean(6),
                            rows.getLong(4)));
                }
            }
        }
        List<MySqlState.Table> result = new ArrayList<>(tables.size());
        for (MySqlState.Table table : tables) {
            result.add(new MySqlState.Table(
                    table.id(),
                    table.engine(),
                    table.hasKey(),
                    isReadable(connection, table.id()),
                    table.doubtfulMembers(),
                    table.rows()));
        }
        return result;
    }

    private static boolean isReadable(Connection connection, TableId table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT * FROM " + MySqlConnections.table(table) + " LIMIT 0")
                    .close();
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == ACCESS_DENIED_FOR_TABLE || e.getErrorCode() == ACCESS_DENIED_FOR_COLUMN) {
                return false;
            }
            throw e;
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
}
