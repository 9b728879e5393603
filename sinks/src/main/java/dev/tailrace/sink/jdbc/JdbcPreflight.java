package dev.tailrace.sink.jdbc;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the target without changing it: reachable, login, rights, shapes. All findings in one pass. */
final class JdbcPreflight {
    private final JdbcSettings settings;
    private final Dialect dialect;
    private final List<Finding> findings = new ArrayList<>();
    private AppliedShapes shapes = new AppliedShapes("");

    JdbcPreflight(JdbcSettings settings, Dialect dialect) {
        this.settings = settings;
        this.dialect = dialect;
    }

    List<Finding> look(SinkContext context) {
        String sink = "sink " + context.sink();
        try (Connection connection = dialect.look(settings)) {
            Dialect.Rights rights = dialect.rights(connection);
            for (TargetShape.Misfit concern : dialect.concerns(connection)) {
                findings.add(new Finding(concern.code(), sink, concern.message(), concern.remedy(), Severity.WARNING));
            }
            ownTables(connection, rights, sink);
            loadShapes(connection, context);
            tables(connection, rights, context.tables());
        } catch (SQLException e) {
            SinkException failure = SqlErrors.failure(dialect.errors(), e, "target " + settings.maskedUrl(), List.of());
            findings.add(new Finding(
                    failure.code(),
                    sink,
                    String.valueOf(failure.getMessage()),
                    failure.remedy(),
                    failure.disposition() == Disposition.RETRY ? Severity.TRANSIENT : Severity.FATAL));
        }
        return List.copyOf(findings);
    }

    private void ownTables(Connection connection, Dialect.Rights rights, String sink) throws SQLException {
        TargetName name = new TargetName(settings.checkpointSchema(), CheckpointTable.NAME);
        Optional<TargetTable> found = dialect.describe(connection, name);
        List<String> missing = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        for (TargetName own : List.of(name, SchemaTable.name(settings))) {
            Optional<TargetTable> table = dialect.describe(connection, own);
            if (table.isPresent()) {
                rights(rights, table.get(), sink, List.of("SELECT", "INSERT", "UPDATE"));
            } else if (!rights.mayCreate(own)) {
                String create = own.equals(name)
                        ? CheckpointTable.create(dialect, connection, own)
                        : SchemaTable.create(dialect, connection, own);
                missing.add(own.toString());
                remedies.add(
                        create + "; GRANT SELECT, INSERT, UPDATE ON " + dialect.quote(own) + " TO " + rights.grantee());
            }
        }
        if (!missing.isEmpty()) {
            fatal(
                    SqlErrors.PERMISSION,
                    sink,
                    "the sink's user may not create " + String.join(" and ", missing),
                    String.join("; ", remedies));
        }
        found.flatMap(table -> CheckpointTable.extend(dialect, table))
                .ifPresent(sql -> findings.add(new Finding(
                        SqlErrors.SHAPE,
                        sink,
                        name + " lacks columns that this version adds when its user owns the table",
                        sql,
                        Severity.WARNING)));
    }

    /** What the target was made fit for, as far as that can be read. */
    private void loadShapes(Connection connection, SinkContext context) throws SQLException {
        shapes = new AppliedShapes(context.journal());
        Optional<TargetTable> own = dialect.describe(connection, SchemaTable.name(settings));
        if (own.isPresent() && !dialect.rights(connection).missing(own.get()).contains("SELECT")) {
            new SchemaTable(dialect, connection, settings, context).load(shapes, new Holds());
        }
    }

    private void tables(Connection connection, Dialect.Rights rights, List<TableSchema> schemas) throws SQLException {
        Map<TargetName, TableId> sources = new HashMap<>();
        for (TableSchema schema : schemas) {
            TargetName name = settings.target(schema.table());
            TableId other = sources.putIfAbsent(name, schema.table());
            String subject = "table " + schema.table();
            if (other != null && !other.equals(schema.table())) {
                fatal(
                        SqlErrors.TARGET_NAME,
                        subject,
                        "would be written to " + name + " like " + other,
                        "set the sink's target so that every table has its own");
            } else if (!dialect.fits(name.table())
                    || !name.schema().map(dialect::fits).orElse(true)) {
                fatal(
                        SqlErrors.TARGET_NAME,
                        subject,
                        "the name " + name + " is too long for the target",
                        "shorten the sink's target");
            } else if (settings.mode() == Mode.UPSERT
                    && !schema.hasKey()
                    && !settings.semantics().fullRows()) {
                fatal(SqlErrors.NO_KEY, subject, TargetTables.noKey(schema.table()), TargetTables.NO_KEY_REMEDY);
            } else if (settings.mode() == Mode.UPSERT) {
                upserted(connection, rights, name, schema, subject);
            } else if (HistoryTable.clashes(schema)) {
                fatal(SqlErrors.SHAPE, subject, HistoryTable.CLASH, HistoryTable.CLASH_REMEDY);
            } else {
                table(connection, rights, name, schema, HistoryTable.of(schema), subject);
            }
        }
    }

    private void upserted(
            Connection connection, Dialect.Rights rights, TargetName name, TableSchema schema, String subject)
            throws SQLException {
        Optional<SoftDeletes> deletes = settings.semantics().deletedColumn().map(SoftDeletes::new);
        if (deletes.isPresent() && deletes.get().clashes(schema)) {
            fatal(SqlErrors.SHAPE, subject, TargetTables.DELETED_CLASH, TargetTables.DELETED_CLASH_REMEDY);
        } else {
            table(
                    connection,
                    rights,
                    name,
                    schema,
                    deletes.map(d -> d.of(schema)).orElse(schema),
                    subject);
        }
    }

    /** @param schema what of the source's shape is written */
    private void table(
            Connection connection,
            Dialect.Rights rights,
            TargetName name,
            TableSchema source,
            TableSchema schema,
            String subject)
            throws SQLException {
        TableDdl ddl = new TableDdl(dialect, connection);
        Optional<TargetTable> found = dialect.describe(connection, name);
        if (found.isPresent()) {
            rights(
                    rights,
                    found.get(),
                    subject,
                    settings.mode() == Mode.APPEND
                            ? List.of("SELECT", "INSERT")
                            : List.of("SELECT", "INSERT", "UPDATE", "DELETE"));
            if (isToFollow(connection, source, found.get(), subject)) {
                return;
            }
            ColumnNames names = shapes.names(source, found.get());
            for (TargetShape.Misfit misfit : TargetShape.misfits(dialect, connection, schema, found.get(), names)) {
                fatal(misfit.code(), subject, misfit.message(), misfit.remedy());
            }
            types(connection, schema, found.get(), subject);
            return;
        }
        List<TargetShape.Misfit> misfits = dialect.misfits(connection, schema, found);
        if (!misfits.isEmpty()) {
            misfits.forEach(m -> fatal(m.code(), subject, m.message(), m.remedy()));
            return;
        }
        String create = ddl.create(name, schema, new ArrayList<>());
        if (!settings.createTables()) {
            fatal(SqlErrors.SHAPE, subject, name + " does not exist and create-tables is false", create);
        } else if (!rights.mayCreate(name)) {
            fatal(
                    SqlErrors.PERMISSION,
                    subject,
                    "the sink's user may not create " + name,
                    rights.grantCreate(name, create));
        }
    }

    /** A shape that has come at the source and not yet at the target is no misfit: the sink's policy says what becomes of it. */
    private boolean isToFollow(Connection connection, TableSchema source, TargetTable table, String subject)
            throws SQLException {
        AppliedShape known = shapes.of(source.table()).orElse(null);
        if (known == null || known.schema().sameShape(source) || known.isNewerThan(shapes.journal(), source)) {
            return false;
        }
        SchemaPlan plan =
                new SchemaPlanner(settings, dialect, connection).plan(known.schema(), known.filled(), source, table);
        findings.add(new Finding(
                SqlErrors.SCHEMA_CHANGE,
                subject,
                "changed its shape: " + plan.text(),
                plan.ddlText(),
                Severity.WARNING));
        return true;
    }

    /** Another type may be meant so (a text for an enum); a value that does not fit is rejected when it comes. */
    private void types(Connection connection, TableSchema schema, TargetTable table, String subject)
            throws SQLException {
        for (Column column : schema.columns()) {
            Optional<TargetColumn> target = table.column(column.name());
            String wanted = dialect.createdType(connection, schema, column).name();
            if (target.isPresent()
                    && !target.get().declared().equals(wanted)
                    && !target.get().declared().equals(dialect.types().text())) {
                findings.add(new Finding(
                        SqlErrors.SHAPE,
                        subject,
                        "column " + column.name() + " of " + table.name() + " is "
                                + target.get().declared() + "; the source's values need " + wanted,
                        dialect.alterations().retype(table.name(), target.get(), wanted),
                        Severity.WARNING));
            }
        }
    }

    private void rights(Dialect.Rights rights, TargetTable table, String subject, List<String> needed)
            throws SQLException {
        List<String> missing =
                rights.missing(table).stream().filter(needed::contains).toList();
        if (!missing.isEmpty()) {
            String list = String.join(", ", missing);
            fatal(
                    SqlErrors.PERMISSION,
                    subject,
                    "the sink's user lacks " + list + " on " + table.name(),
                    "GRANT " + list + " ON " + dialect.quote(table.name()) + " TO " + rights.grantee());
        }
    }

    private void fatal(String code, String subject, String message, String remedy) {
        findings.add(new Finding(code, subject, message, remedy, Severity.FATAL));
    }
}
