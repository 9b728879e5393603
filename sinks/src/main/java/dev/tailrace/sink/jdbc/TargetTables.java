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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of the target, matched with the source's shapes: read from the catalog once, created when missing. The seam
 * for schema evolution: a misfit is reported here and nowhere else.
 */
final class TargetTables {
    private static final Logger log = LoggerFactory.getLogger(TargetTables.class);

    private final JdbcSettings settings;
    private final Dialect dialect;
    private final Connection connection;
    private final Map<Integer, TableBinding> bySchemaId = new HashMap<>();
    private final Map<TargetName, TableId> sourceOf = new HashMap<>();

    /** @param connection for reading the catalog; tables are created on another one, outside of its transaction */
    TargetTables(JdbcSettings settings, Dialect dialect, Connection connection) {
        this.settings = settings;
        this.dialect = dialect;
        this.connection = connection;
    }

    /** The table for rows of this shape. In append mode the binding has the history's shape, not the source's. */
    TableBinding binding(TableSchema schema) throws SQLException, SinkException {
        TableBinding known = bySchemaId.get(schema.id());
        if (known != null && (known.schema() == schema || isOf(known, schema))) {
            return known;
        }
        TableBinding made = make(schema);
        bySchemaId.put(schema.id(), made);
        return made;
    }

    /** Ids are the journal's; in a test of two journals one number may mean two shapes. */
    private boolean isOf(TableBinding known, TableSchema schema) {
        return settings.mode() == Mode.APPEND
                ? known.schema().sameShape(HistoryTable.of(schema))
                : known.schema().sameShape(schema);
    }

    /** Forgets what the catalog said, for instance after an unexpected foreign key. */
    void forget() {
        bySchemaId.clear();
    }

    private TableBinding make(TableSchema source) throws SQLException, SinkException {
        TargetName name = settings.target().of(source.table());
        checkName(name, source.table());
        TableSchema schema = written(source);
        Optional<TargetTable> found = dialect.describe(connection, name);
        if (found.isEmpty()) {
            create(name, schema);
            found = dialect.describe(connection, name);
        }
        TargetTable table = found.orElseThrow(() -> SinkException.halt(
                SqlErrors.SHAPE,
                "table " + name + " was created but the sink's user does not see it",
                "grant USAGE on its schema",
                null));
        for (TargetShape.Misfit misfit : TargetShape.misfits(new TableDdl(dialect, connection), schema, table)) {
            throw SinkException.halt(misfit.code(), misfit.message(), misfit.remedy(), null);
        }
        return new TableBinding(schema, table);
    }

    private TableSchema written(TableSchema source) throws SinkException {
        if (settings.mode() == Mode.APPEND) {
            try {
                return HistoryTable.of(source);
            } catch (IllegalArgumentException e) {
                throw SinkException.halt(
                        SqlErrors.SHAPE,
                        "table " + source.table() + " has a column named like one of Tailrace's own",
                        "leave the table out of this sink or rename the column",
                        e);
            }
        }
        if (!source.hasKey()) {
            throw SinkException.halt(
                    SqlErrors.NO_KEY,
                    noKey(source.table()),
                    "give it a primary key at the source, leave it out of this sink, or use mode: append",
                    null);
        }
        return source;
    }

    static String noKey(TableId table) {
        return "table " + table + " has no primary key, and mode upsert finds rows by their key";
    }

    private void checkName(TargetName name, TableId source) throws SinkException {
        TableId other = sourceOf.putIfAbsent(name, source);
        if (other != null && !other.equals(source)) {
            throw SinkException.halt(
                    SqlErrors.TARGET_NAME,
                    "tables " + other + " and " + source + " would both be written to " + name,
                    "set the sink's target so that every table has its own, such as \"" + TargetTemplate.DEFAULT + "\"",
                    null);
        }
        if (!dialect.fits(name.table()) || !name.schema().map(dialect::fits).orElse(true)) {
            throw SinkException.halt(
                    SqlErrors.TARGET_NAME,
                    "the target would cut the name " + name,
                    "set the sink's target so that schema and table stay within 63 bytes each",
                    null);
        }
    }

    private void create(TargetName name, TableSchema schema) throws SQLException, SinkException {
        List<String> substitutions = new ArrayList<>();
        if (!settings.createTables()) {
            throw SinkException.halt(
                    SqlErrors.SHAPE,
                    "table " + name + " does not exist and create-tables is false",
                    new TableDdl(dialect, connection).create(name, schema, substitutions),
                    null);
        }
        try (Connection own = dialect.connect(settings);
                Statement statement = own.createStatement()) {
            if (name.schema().isPresent()) {
                dialect.createSchema(own, name.schema().get());
            }
            statement.execute(new TableDdl(dialect, own).create(name, schema, substitutions));
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
}
