package dev.tailrace.sink.jdbc;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.TargetShape.Misfit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that differs between databases. Without state: what depends on the server at hand is asked of the
 * connection. Found through {@link java.util.ServiceLoader}: another database is a public class with a public no-argument
 * constructor and one line in {@code META-INF/services}.
 */
public interface Dialect {

    /** How the URLs of this database begin. */
    List<String> urlPrefixes();

    /** The target template when none is configured. */
    String defaultTarget();

    /** A connection with auto-commit on, whose every wait is bounded and which an interrupt ends. */
    Connection connect(JdbcSettings settings) throws SQLException;

    /**
     * A connection for looking alone: nothing is changed through it. Where opening would create a database, an empty one
     * that leaves no trace takes its place.
     */
    default Connection look(JdbcSettings settings) throws SQLException {
        return ConnectionSetup.on(connect(settings), connection -> connection.setReadOnly(true));
    }

    /**
     * Whether tables are created on the connection that writes rows, as a part of its transaction: where there is one
     * writer at a time, another connection would wait for this one.
     */
    default boolean definesInside() {
        return false;
    }

    /** The identifier as SQL. */
    default String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Whether the target keeps the whole name (PostgreSQL cuts one beyond 63 bytes without a word). */
    boolean fits(String name);

    /** The table as it stands; empty when there is none that this user sees. */
    Optional<TargetTable> describe(Connection connection, TargetName name) throws SQLException;

    /** What the sink's user may do. */
    Rights rights(Connection connection) throws SQLException;

    /**
     * What else than its columns and its key keeps a table from being a true copy.
     *
     * @param table empty when it is still to be created
     */
    default List<Misfit> misfits(Connection connection, TableSchema schema, Optional<TargetTable> table)
            throws SQLException {
        return List.of();
    }

    /** Settings of the server that will get in the way; to be warned of, the target can be written to. */
    default List<Misfit> concerns(Connection connection) throws SQLException {
        return List.of();
    }

    /**
     * The type for a column that Tailrace creates, lossless for every value of the source's column.
     *
     * @return the type, with the reason when the target lacks the source's type and another one takes its place
     */
    CreatedType createdType(Connection connection, TableSchema schema, Column column) throws SQLException;

    /**
     * The value as SQL for a DEFAULT clause or an UPDATE.
     *
     * @param source the source's column
     * @param declared the type of the target's, as its catalog spells it
     * @throws ValueException when a column of that type cannot hold it as it is
     */
    String literal(Column source, String declared, Object value) throws ValueException;

    boolean hasSchema(Connection connection, String schema) throws SQLException;

    /** Creates the name's schema where it has one that is missing. Outside of any target transaction. */
    default void requireSchema(Connection connection, TargetName name) throws SQLException {
        if (name.schema().isPresent() && !hasSchema(connection, name.schema().get())) {
            createSchema(connection, name.schema().get());
        }
    }

    /** Creates a schema that is missing; another one may be quicker. */
    default void createSchema(Connection connection, String schema) throws SQLException {
        try (Statement create = connection.createStatement()) {
            create.execute("CREATE SCHEMA IF NOT EXISTS " + quote(schema));
        }
    }

    /** Names of the types that Tailrace's own columns have. */
    Types types();

    /** What follows the columns in a CREATE TABLE, empty or with a space in front. */
    default String tableOptions(Connection connection) throws SQLException {
        return "";
    }

    /**
     * Checks what {@link #deferConstraints} put off, inside the open transaction. A database that checks at the commit
     * alone leaves it at that.
     */
    default void checkConstraints(Connection connection) throws SQLException {}

    /** Texts of statements that change a column of an existing table. */
    Alterations alterations();

    /** The statements that write, prepared on this connection; closed with it. */
    RowStatements statements(Connection connection) throws SQLException;

    /** What this database's errors mean. */
    SqlErrors.Rules errors();

    /**
     * Makes foreign keys and exclusions that may wait be checked at commit, in the open transaction. A database that checks
     * each row at once leaves it at that: the source's own order has to do.
     */
    default void deferConstraints(Connection connection) throws SQLException {}

    /** The statement that gives a column another name, its values with it. */
    default String renameColumn(TargetName table, String from, String to) {
        return "ALTER TABLE " + quote(table) + " RENAME COLUMN " + quote(from) + " TO " + quote(to);
    }

    /** The statements that make these columns the primary key in place of another one; empty when none is known. */
    default List<String> replaceKey(Connection connection, TargetTable table, List<String> columns)
            throws SQLException {
        return List.of();
    }

    default String quote(TargetName name) {
        return name.schema().map(s -> quote(s) + ".").orElse("") + quote(name.table());
    }

    /** The column at that position. */
    default String quote(TableBinding table, int column) {
        return quote(table.column(column).name());
    }

    /** The columns at these positions, separated by commas. */
    default String quote(TableBinding table, List<Integer> columns) {
        return quote(columns.stream().map(c -> table.column(c).name()).toList());
    }

    /** The identifiers, separated by commas. */
    default String quote(List<String> names) {
        return names.stream().map(this::quote).collect(Collectors.joining(", "));
    }

    /** A type's name, with what was lost when it is not the source's own. */
    record CreatedType(String name, Optional<String> substitution) {

        /** The source's own. */
        public static CreatedType same(String name) {
            return new CreatedType(name, Optional.empty());
        }

        /** @param lacking the type that the target has not got */
        public static CreatedType insteadOf(String lacking, String name) {
            return new CreatedType(
                    name, Optional.of("the target has no type like " + lacking + "; " + name + " instead"));
        }
    }

    /**
     * Names of the types that Tailrace's own columns have.
     *
     * @param text of any length
     * @param key a text that a primary key can hold
     * @param number of 64 bits
     * @param instant a point in time
     */
    record Types(String text, String key, String number, String instant) {}

    /** The rights of the sink's user, and the statements that give them. */
    interface Rights {

        /** Whether the user may create that table, its schema included. */
        boolean mayCreate(TargetName name) throws SQLException;

        /**
         * The statement that gives the right to create that table.
         *
         * @param create the statement that creates it, for somebody who may
         */
        String grantCreate(TargetName name, String create);

        /** Of SELECT, INSERT, UPDATE, DELETE those that the user lacks. */
        List<String> missing(TargetTable table) throws SQLException;

        /** The user as GRANT names it. */
        String grantee();
    }

    /** Texts of statements that change a column of an existing table: of standard SQL, unless a database has its own. */
    interface Alterations {
        Dialect dialect();

        String retype(TargetName table, TargetColumn column, String type);

        /** As {@link #retype}, where the database does not convert the values by itself. */
        default String convert(TargetName table, TargetColumn column, String type) {
            return retype(table, column, type);
        }

        default String dropNotNull(TargetName table, TargetColumn column) {
            return alter(table, column.name(), "DROP NOT NULL");
        }

        /** What inserts that leave the column out give it from now on; empty where a column cannot get one later. */
        default Optional<String> setDefault(TargetName table, TargetColumn column, String literal) {
            return Optional.of(alter(table, column.name(), "SET DEFAULT " + literal));
        }

        /** Inserts that leave the column out give it null; empty where a column cannot lose it. */
        default Optional<String> dropDefault(TargetName table, TargetColumn column) {
            return Optional.of(alter(table, column.name(), "DROP DEFAULT"));
        }

        /**
         * Gives the table a unique key.
         *
         * @param columns the names in key order
         */
        default String addKey(TargetName table, List<String> columns) {
            return "ALTER TABLE " + dialect().quote(table) + " ADD PRIMARY KEY ("
                    + dialect().quote(columns) + ")";
        }

        /** The target no longer computes the column. */
        default String dropExpression(TargetName table, TargetColumn column) {
            return alter(table, column.name(), "DROP EXPRESSION");
        }

        /** An identity column can be set. */
        default String settable(TargetName table, TargetColumn column) {
            return alter(table, column.name(), "SET GENERATED BY DEFAULT");
        }

        /** @param action what is done with the column */
        default String alter(TargetName table, String column, String action) {
            return "ALTER TABLE " + dialect().quote(table) + " ALTER COLUMN "
                    + dialect().quote(column) + " " + action;
        }
    }
}
