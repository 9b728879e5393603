package dev.tailrace.sink.jdbc.mysql;

import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the sink's user may do in MySQL or MariaDB, read from SHOW GRANTS with the roles in force. */
final class MySqlRights implements Dialect.Rights {
    private static final Pattern GRANT = Pattern.compile(
            "^GRANT (.*) ON (?:TABLE )?(?:\\*\\.\\*|`((?:[^`]|``)*)`\\.(?:\\*|`((?:[^`]|``)*)`)) TO .*",
            Pattern.DOTALL);
    private static final String ALL = "ALL PRIVILEGES";

    /** @param database a pattern, empty: all; @param table empty: all of the database */
    private record Grant(String privileges, Optional<String> database, Optional<String> table) {

        /** A grant on some columns counts: which ones the source fills is seen when they are written. */
        boolean gives(String privilege) {
            return privileges.contains(ALL) || privileges.matches("(?s)(.*, )?" + privilege + "( \\(.*)?(,.*)?");
        }

        boolean covers(String schema, Optional<String> name) {
            boolean inDatabase = database.map(d -> schema.matches(regex(d))).orElse(true);
            return inDatabase && (table.isEmpty() || table.equals(name));
        }

        /** In a grant on a database _ and % match anything unless a backslash is before them. */
        private static String regex(String pattern) {
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                if (c == '\\' && i + 1 < pattern.length()) {
                    regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
                } else {
                    regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
                }
            }
            return regex.toString();
        }
    }

    private final Dialect dialect;
    private final List<Grant> grants = new ArrayList<>();
    private final String user;
    private final String database;

    MySqlRights(Dialect dialect, Connection connection) throws SQLException {
        this.dialect = dialect;
        try (Statement statement = connection.createStatement()) {
            String role;
            try (ResultSet row = statement.executeQuery("SELECT CURRENT_USER(), DATABASE(), CURRENT_ROLE()")) {
                row.next();
                user = row.getString(1);
                database = row.getString(2) == null ? "" : row.getString(2);
                role = row.getString(3);
            }
            boolean using = MySqlFlavor.of(connection) == MySqlFlavor.MYSQL && role != null && !role.equals("NONE");
            String show = using ? "SHOW GRANTS FOR CURRENT_USER() USING " + role : "SHOW GRANTS";
            try (ResultSet rows = statement.executeQuery(show)) {
                while (rows.next()) {
                    Matcher grant = GRANT.matcher(rows.getString(1));
                    if (grant.matches()) {
                        grants.add(new Grant(
                                grant.group(1),
                                Optional.ofNullable(grant.group(2)).map(MySqlRights::unquoted),
                                Optional.ofNullable(grant.group(3)).map(MySqlRights::unquoted)));
                    }
                }
            }
        }
    }

    private static String unquoted(String name) {
        return name.replace("``", "`");
    }

    @Override
    public boolean mayCreate(TargetName name) {
        return has("CREATE", name.schema().orElse(database), Optional.of(name.table()));
    }

    private boolean has(String privilege, String schema, Optional<String> table) {
        return grants.stream().anyMatch(g -> g.gives(privilege) && g.covers(schema, table));
    }

    @Override
    public String grantCreate(TargetName name, String create) {
        String schema = dialect.quote(name.schema().orElse(database));
        return "CREATE DATABASE IF NOT EXISTS " + schema + "; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON " + schema
                + ".* TO " + grantee();
    }

    @Override
    public List<String> missing(TargetTable table) {
        Set<String> missing = new LinkedHashSet<>(List.of("SELECT", "INSERT", "UPDATE", "DELETE"));
        missing.removeIf(p -> has(
                p,
                table.name().schema().orElse(database),
                Optional.of(table.name().table())));
        return List.copyOf(missing);
    }

    @Override
    public String grantee() {
        int at = user.lastIndexOf('@');
        return "'" + user.substring(0, at).replace("'", "''") + "'@'" + user.substring(at + 1) + "'";
    }
}
