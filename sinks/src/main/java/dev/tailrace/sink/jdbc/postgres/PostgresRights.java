package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TargetName;
import dev.tailrace.sink.jdbc.TargetTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What the sink's user may do in PostgreSQL. */
final class PostgresRights implements Dialect.Rights {
    private static final String MAY_CREATE = """
            SELECT CASE WHEN to_regnamespace(quote_ident(s)) IS NULL
                        THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege(s, 'CREATE') END
            FROM (SELECT coalesce(?, current_schema())) AS named(s)
            """;

    private static final String MISSING = """
            SELECT array_remove(ARRAY[
                CASE WHEN NOT has_any_column_privilege(c.oid, 'SELECT') THEN 'SELECT' END,
                CASE WHEN NOT has_any_column_privilege(c.oid, 'INSERT') THEN 'INSERT' END,
                CASE WHEN NOT has_any_column_privilege(c.oid, 'UPDATE') THEN 'UPDATE' END,
                CASE WHEN NOT has_table_privilege(c.oid, 'DELETE') THEN 'DELETE' END], NULL)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = coalesce(?, current_schema()) AND c.relname = ?
            """;

    private final Dialect dialect;
    private final Connection connection;

    PostgresRights(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    @Override
    public boolean mayCreate(TargetName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(MAY_CREATE)) {
            query.setString(1, name.schema().orElse(null));
            try (ResultSet found = query.executeQuery()) {
                return found.next() && found.getBoolean(1);
            }
        }
    }

    @Override
    public String grantCreate(TargetName name, String create) {
        return name.schema()
                .map(s -> "CREATE SCHEMA IF NOT EXISTS " + dialect.quote(s) + "; GRANT USAGE, CREATE ON SCHEMA "
                        + dialect.quote(s) + " TO " + grantee())
                .orElse(create);
    }

    @Override
    public List<String> missing(TargetTable table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(MISSING)) {
            query.setString(1, table.name().schema().orElse(null));
            query.setString(2, table.name().table());
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? List.of((String[]) found.getArray(1).getArray()) : List.of();
            }
        }
    }

    @Override
    public String grantee() {
        try {
            return dialect.quote(connection.getMetaData().getUserName());
        } catch (SQLException e) {
            return "the sink's user";
        }
    }
}
