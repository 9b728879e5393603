package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the target follow the source's tables. Before a batch is written, every shape in it that is new is compared with
 * the one that the target was made fit for; what the policy allows is run between two target transactions, and the new
 * shape is remembered in the one that moves the checkpoint over its first change.
 *
 * <p>I7, and what would break it: the memory of a shape that is committed before its statements were run, or a shape from
 * before the remembered one that is taken for news. Owned by the sink's thread.
 */
final class Evolution {
    private static final Logger log = LoggerFactory.getLogger(Evolution.class);

    private final JdbcSettings settings;
    private final Dialect dialect;
    private final Connection connection;
    private final SinkContext context;
    private final SchemaTable rows;
    private final AppliedShapes shapes;
    private final TargetTables tables;
    private final Map<Integer, TableSchema> settled = new HashMap<>();
    private final Map<TableId, AppliedShape> unrecorded = new LinkedHashMap<>();

    Evolution(
            JdbcSettings settings,
            Dialect dialect,
            Connection connection,
            SinkContext context,
            SchemaTable rows,
            AppliedShapes shapes,
            TargetTables tables) {
        this.settings = settings;
        this.dialect = dialect;
        this.connection = connection;
        this.context = context;
        this.rows = rows;
        this.shapes = shapes;
        this.tables = tables;
    }

    /**
     * Reads what the target was made fit for, and makes the tables that have no history before their newest shape. The
     * others are made by the first shape of theirs that comes.
     */
    void open() throws SQLException, SinkException {
        rows.load().forEach(shapes::put);
        List<TableSchema> ready = new ArrayList<>();
        for (TableSchema newest : context.tables()) {
            AppliedShape known = shapes.of(newest.table()).orElse(null);
            boolean fits = known == null
                    ? newest.version() <= 1
                    : known.isNewerThan(shapes.journal(), newest)
                            || known.schema().sameShape(newest);
            if (fits) {
                ready.add(newest);
            }
        }
        tables.prepare(ready);
        for (TableSchema schema : ready) {
            if (shapes.of(schema.table()).isEmpty()) {
                advance(AppliedShape.first(shapes.journal(), schema));
                settled.put(schema.id(), schema);
            }
        }
        record();
    }

    /**
     * Makes the target fit for every change of the batch.
     *
     * @param pending whether a transaction is open at the target that holds earlier parts of the batch's transaction; it is
     *     rolled back when a statement has to be run
     * @throws SinkException JDBC-SCHEMA-BARRIER, to be handed over again from the transaction's start
     */
    void settle(Batch batch, boolean pending) throws SQLException, SinkException {
        TableSchema last = null;
        for (Transaction transaction : batch.transactions()) {
            for (ChangeEvent event : transaction.events()) {
                TableSchema schema = event.schema();
                if (schema != last && !isSettled(schema)) {
                    settle(schema, pending);
                    settled.put(schema.id(), schema);
                }
                last = schema;
            }
        }
    }

    private boolean isSettled(TableSchema schema) {
        TableSchema known = settled.get(schema.id());
        return known != null && (known == schema || known.sameShape(schema));
    }

    private void settle(TableSchema schema, boolean pending) throws SQLException, SinkException {
        AppliedShape known = shapes.of(schema.table()).orElse(null);
        if (known == null) {
            tables.binding(schema);
            advance(AppliedShape.first(shapes.journal(), schema));
        } else if (known.isNewerThan(shapes.journal(), schema)) {
            log.info(
                    "{}: changes of {} come in version {}; the target is at version {} and stays there",
                    context.pipeline(),
                    schema.table(),
                    schema.version(),
                    known.schema().version());
        } else if (known.schema().sameShape(schema)) {
            advance(new AppliedShape(shapes.journal(), schema, known.ignored(), known.renames()));
        } else {
            step(known, schema, pending);
        }
    }

    private void step(AppliedShape known, TableSchema schema, boolean pending) throws SQLException, SinkException {
        try (TargetDdl ddl = new TargetDdl(settings, dialect, context, connection)) {
            SchemaPlan plan = ddl.plan(known.schema(), schema).orElse(null);
            if (plan == null) {
                // Somebody dropped it at the target: it is made anew by this shape.
                tables.forget();
                tables.binding(schema);
                advance(AppliedShape.first(shapes.journal(), schema));
                return;
            }
            switch (plan.reaction()) {
                case FAIL -> throw refused(plan);
                case PAUSE -> throw paused(plan);
                default -> follow(ddl, plan, known, pending);
            }
        }
    }

    private void follow(TargetDdl ddl, SchemaPlan plan, AppliedShape known, boolean pending)
            throws SQLException, SinkException {
        log.info(
                "{}: {} is at version {}: {}; at the target: {}",
                context.pipeline(),
                plan.to().table(),
                plan.to().version(),
                plan.text(),
                plan.ddlText());
        for (String column : plan.ignoredColumns()) {
            log.warn(
                    "{}: column {} of {} is left out at the target, as schema-changes says",
                    context.pipeline(),
                    column,
                    plan.to().table());
        }
        boolean barrier = pending && !plan.ddl().isEmpty() && !dialect.definesInside();
        if (!plan.ddl().isEmpty()) {
            if (barrier) {
                connection.rollback();
            }
            ddl.run(plan);
            tables.forget();
        }
        if (barrier) {
            throw SinkException.retry(
                    "JDBC-SCHEMA-BARRIER",
                    "table " + plan.table() + " changed its shape inside of a large transaction: the target follows,"
                            + " then the transaction is written from its start",
                    null);
        }
        advance(after(plan, known, ddl.table(plan.to()).orElse(null)));
    }

    private AppliedShape after(
            SchemaPlan plan, AppliedShape known, @org.jspecify.annotations.Nullable TargetTable table) {
        TableSchema to = plan.to();
        Set<String> ignored = new LinkedHashSet<>(plan.ignoredColumns());
        known.ignored().stream().filter(c -> to.indexOf(c) >= 0).forEach(ignored::add);
        List<AppliedShape.Rename> renames = new ArrayList<>();
        if (known.journal().equals(shapes.journal())) {
            renames.addAll(known.renames());
        }
        for (SchemaPlan.Step step : plan.steps()) {
            String name = step.change().column();
            step.change()
                    .previous()
                    .filter(before -> table != null
                            && table.column(name).isPresent()
                            && table.column(before).isEmpty())
                    .ifPresent(before -> renames.add(new AppliedShape.Rename(to.id(), before, name)));
        }
        return new AppliedShape(shapes.journal(), to, ignored, renames);
    }

    private static SinkException refused(SchemaPlan plan) {
        return SinkException.halt(
                SqlErrors.SCHEMA_CHANGE,
                "table " + plan.to().table() + " changed its shape: " + plan.reason(Reaction.FAIL),
                "set schema-changes of this sink for that class to evolve, pause or ignore; the target would need: "
                        + plan.ddlText(),
                null);
    }

    private static SinkException paused(SchemaPlan plan) {
        return SinkException.halt(
                SqlErrors.SCHEMA_PAUSED,
                "table " + plan.to().table() + " changed its shape: " + plan.reason(Reaction.PAUSE),
                "make the target fit and go on: " + plan.ddlText(),
                null);
    }

    private void advance(AppliedShape shape) {
        shapes.put(shape);
        unrecorded.put(shape.schema().table(), shape);
    }

    /** Remembers what {@link #settle} found, inside the open transaction, as its last statement. */
    void record() throws SQLException {
        rows.store(unrecorded.values());
    }

    /** The transaction of {@link #record} is committed. */
    void recorded() {
        rows.stored(unrecorded.values());
        unrecorded.clear();
    }
}
