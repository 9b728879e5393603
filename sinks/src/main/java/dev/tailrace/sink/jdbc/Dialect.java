package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Everything that differs between databases. One instance a sink definition, without state. */
interface Dialect {

    /** The dialect for a URL, empty when there is none. */
    static Optional<Dialect> of(String url) {
        return url.startsWith("jdbc:postgresql:") ? Optional.of(new PostgresDialect()) : Optional.empty();
    }

    /** A connection with auto-commit on, whose every wait is bounded and which an interrupt ends. */
    Connection connect(JdbcSettings settings) throws SQLException;

    /** The identifier as SQL. */
    String quote(String name);

    /** Whether the target keeps the whole name (PostgreSQL cuts one beyond 63 bytes without a word). */
    boolean fits(String name);

    /** The table as it stands; empty when there is none that this user sees. */
    Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException;

    /** Whether this user may create that table, its schema included. */
    boolean mayCreate(Connection connection, TargetName name) throws SQLException;

    /**
     * The type for a column that Tailrace creates, lossless for every value of the source's column.
     *
     * @return the type, with the reason when the target lacks the source's type and another one takes its place
     */
    CreatedType createdType(Connection connection, TableSchema schema, Column column) throws SQLException;

    /** Creates the schema when it is missing. Outside of any target transaction. */
    void createSchema(Connection connection, String schema) throws SQLException;

    /** The type of the columns that hold a text of any length, a 64-bit number, a point in time, a list of texts. */
    Types types();

    /** The statements that write, prepared on this connection; closed with it. */
    RowStatements statements(Connection connection);

    /** What an error of this database means. */
    SqlErrors.Verdict judge(SQLException error);

    /** Constraint, table and column that an error names, to be added to a message; never a value. */
    String place(SQLException error);

    /** Makes foreign keys and exclusions that may wait be checked at commit, in the open transaction. */
    void deferConstraints(Connection connection) throws SQLException;

    default String quote(TargetName name) {
        return name.schema().map(s -> quote(s) + ".").orElse("") + quote(name.table());
    }

    /** A type's name, with what was lost when it is not the source's own. */
    record CreatedType(String name, Optional<String> substitution) {}

    /** Names of the types that Tailrace's own columns have. */
    record Types(String text, String number, String instant, String texts) {}
}
