package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of the target, matched with the source's shapes: read from the catalog once, created when missing. A table
 * that {@link Evolution} has not made fit is a misfit, reported here and nowhere else.
 */
final class TargetTables {
    private static final Logger log = LoggerFactory.getLogger(TargetTables.class);

    private final JdbcSettings settings;
    private final @Nullable SoftDeletes deletes;
    private final Dialect dialect;
    private final Connection connection;
    private final AppliedShapes shapes;
    private final Map<Integer, Bound> bySchemaId = new HashMap<>();
    private final Map<TargetName, TableId> sourceOf = new HashMap<>();

    /**
     * @param deletes null when deleted rows go
     * @param connection for reading the catalog; tables are created on another one, outside of its transaction
     */
    TargetTables(
            JdbcSettings settings,
            Dialect dialect,
            Connection connection,
            AppliedShapes shapes,
            @Nullable SoftDeletes deletes) {
        this.shapes = shapes;
        this.settings = settings;
        this.deletes = deletes;
        this.dialect = dialect;
        this.connection = connection;
    }

    /** Matches, and creates, many tables with one connection. */
    void prepare(List<TableSchema> schemas) throws SQLException, SinkException {
        try (Creation creation = new Creation()) {
            for (TableSchema schema : schemas) {
                binding(schema, creation);
            }
        }
    }

    /** The table for rows of this shape. In append mode the binding has the history's shape, not the source's. */
    TableBinding binding(TableSchema schema) throws SQLException, SinkException {
        Bound known = bySchemaId.get(schema.id());
        if (known != null && known.isOf(schema)) {
            return known.binding;
        }
        try (Creation creation = new Creation()) {
            return binding(schema, creation);
        }
    }

    private TableBinding binding(TableSchema schema, Creation creation) throws SQLException, SinkException {
        TableBinding made = make(schema, creation);
        bySchemaId.put(schema.id(), new Bound(schema, made));
        return made;
    }

    private record Bound(TableSchema source, TableBinding binding) {

        /** Ids are the journal's: another journal may give the same number to another shape. */
        boolean isOf(TableSchema schema) {
            return source == schema || source.sameShape(schema) || binding.schema() == schema;
        }
    }

    /** Forgets what the catalog said, for instance after an unexpected foreign key. */
    void forget() {
        bySchemaId.clear();
    }

    /** After the transaction was rolled back, or a part of it: where definitions belong to it, tables are gone again. */
    void rolledBack() {
        if (dialect.definesInside()) {
            forget();
        }
    }

    private TableBinding make(TableSchema source, Creation creation) throws SQLException, SinkException {
        TargetName name = settings.target(source.table());
        checkName(name, source.table());
        TableSchema schema = written(source);
        Optional<TargetTable> found = dialect.describe(connection, name);
        if (found.isEmpty()) {
            for (TargetShape.Misfit misfit : dialect.misfits(connection, schema, found)) {
                throw SinkException.halt(misfit.code(), misfit.message(), misfit.remedy(), null);
            }
            create(name, schema, creation);
            found = dialect.describe(connection, name);
        }
        TargetTable table = found.orElseThrow(() -> SinkException.halt(
                SqlErrors.SHAPE,
                "table " + name + " was created but the sink's user does not see it",
                "grant USAGE on its schema",
                null));
        // A database that ignores case knows two wanted names as one.
        checkOwner(table.name(), source.table());
        ColumnNames names = shapes.names(source, table);
        for (TargetShape.Misfit misfit : TargetShape.misfits(dialect, connection, schema, table, names)) {
            throw SinkException.halt(misfit.code(), misfit.message(), misfit.remedy(), null);
        }
        return new TableBinding(schema, table, names);
    }

    private TableSchema written(TableSchema source) throws SinkException {
        if (settings.mode() == Mode.APPEND) {
            if (HistoryTable.clashes(source)) {
                throw SinkException.halt(
                        SqlErrors.SHAPE,
                        "table " + source.table() + " " + HistoryTable.CLASH,
                        HistoryTable.CLASH_REMEDY,
                        null);
            }
            return HistoryTable.of(source);
        }
        if (!source.hasKey() && !settings.semantics().fullRows()) {
            throw SinkException.halt(SqlErrors.NO_KEY, noKey(source.table()), NO_KEY_REMEDY, null);
        }
        if (deletes != null && deletes.clashes(source)) {
            throw SinkException.halt(
                    SqlErrors.SHAPE, "table " + source.table() + " " + DELETED_CLASH, DELETED_CLASH_REMEDY, null);
        }
        return deletes != null ? deletes.of(source) : source;
    }

    static final String NO_KEY_REMEDY =
            "give it a primary key at the source, declare columns that name a row (keys: {\"schema.table\": [column]}),"
                    + " set without-key: full-row, leave it out of this sink, or use mode: append";
    static final String DELETED_CLASH = "has a column named like deleted-column";
    static final String DELETED_CLASH_REMEDY = "name another one in deleted-column";

    static String noKey(TableId table) {
        return "table " + table + " has no primary key, and mode upsert finds rows by their key";
    }

    private void checkOwner(TargetName name, TableId source) throws SinkException {
        TableId other = sourceOf.putIfAbsent(name, source);
        if (other != null && !other.equals(source)) {
            throw SinkException.halt(
                    SqlErrors.TARGET_NAME,
                    "tables " + other + " and " + source + " would both be written to " + name,
                    "set the sink's target so that every table has its own, such as \"{schema}.{table}\"",
                    null);
        }
    }

    private void checkName(TargetName name, TableId source) throws SinkException {
        checkOwner(name, source);
        if (!dialect.fits(name.table()) || !name.schema().map(dialect::fits).orElse(true)) {
            throw SinkException.halt(
                    SqlErrors.TARGET_NAME,
                    "the name " + name + " is too long for the target",
                    "set the sink's target so that schema and table stay within 63 bytes each",
                    null);
        }
    }

    private void create(TargetName name, TableSchema schema, Creation creation) throws SQLException, SinkException {
        List<String> substitutions = new ArrayList<>();
        if (!settings.createTables()) {
            throw SinkException.halt(
                    SqlErrors.SHAPE,
                    "table " + name + " does not exist and create-tables is false",
                    new TableDdl(dialect, connection).create(name, schema, substitutions),
                    null);
        }
        try {
            creation.create(name, schema, substitutions);
        } catch (SQLException e) {
            // Somebody else may have created it at the same moment.
            if (dialect.describe(connection, name).isEmpty()) {
                throw e;
            }
        }
        log.info("created table {} for {}", name, schema.table());
        for (String substitution : substitutions) {
            log.warn("table {}: {}", name, substitution);
        }
    }

    /** A connection for creating tables, made when the first one is missing; the writing one where there is no other. */
    private final class Creation implements AutoCloseable {
        private @Nullable Connection own;

        void create(TargetName name, TableSchema schema, List<String> substitutions) throws SQLException {
            Connection created = dialect.definesInside() ? connection : own;
            if (created == null) {
                created = dialect.connect(settings);
                own = created;
            }
            dialect.requireSchema(created, name);
            try (Statement statement = created.createStatement()) {
                statement.execute(new TableDdl(dialect, created).create(name, schema, substitutions));
            }
        }

        @Override
        public void close() throws SQLException {
            if (own != null) {
                own.close();
            }
        }
    }
}
