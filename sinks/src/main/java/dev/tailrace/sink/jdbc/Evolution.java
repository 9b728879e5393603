package dev.tailrace.sink.jdbc;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the target follow the source's tables. Before a batch is written, every shape in it that is new is compared with
 * the one that the target was made fit for. What the policy allows and old changes survive is run between two target
 * transactions; everything else holds the table back from the start of the batch's transaction on, and is run, if it may
 * be, when the table catches up and comes to that very change.
 *
 * <p>I7, and what would break it: the memory of a shape that is committed before its statements were run, or a shape from
 * before the remembered one that is taken for news. I2: a checkpoint over held changes that is committed before the hold.
 * Owned by the sink's thread.
 */
final class Evolution {
    private static final Logger log = LoggerFactory.getLogger(Evolution.class);

    private final JdbcSettings settings;
    private final Dialect dialect;
    private final Connection connection;
    private final SinkContext context;
    private final SchemaMemory memory;
    private final AppliedShapes shapes;
    private final TargetTables tables;
    private final Holds holds;
    private final Map<Integer, TableSchema> settled = new HashMap<>();

    /** Frame behind which the transaction begins that is being written. */
    private long transactionAfter;

    Evolution(
            JdbcSettings settings,
            Dialect dialect,
            Connection connection,
            SinkContext context,
            SchemaMemory memory,
            AppliedShapes shapes,
            TargetTables tables,
            Holds holds) {
        this.settings = settings;
        this.dialect = dialect;
        this.connection = connection;
        this.context = context;
        this.memory = memory;
        this.shapes = shapes;
        this.tables = tables;
        this.holds = holds;
    }

    /**
     * Reads what the target was made fit for, and makes the tables that have no history before their newest shape. The
     * others are made by the first shape of theirs that comes.
     */
    void open() throws SQLException, SinkException {
        memory.load();
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
                memory.advance(AppliedShape.first(shapes.journal(), schema));
                settled.put(schema.id(), schema);
            }
        }
        memory.record();
    }

    /**
     * Makes the target fit for every change of the batch, or holds its table back.
     *
     * @param after frame behind which the batch begins
     * @param pending whether a transaction is open at the target that holds earlier parts of the batch's transaction; it is
     *     rolled back when a statement has to be run, or a table to be held back
     * @throws SinkException JDBC-SCHEMA-BARRIER, to be handed over again from the transaction's start
     */
    void settle(Batch batch, long after, boolean pending) throws SQLException, SinkException {
        if (batch.startsTransaction()) {
            transactionAfter = after;
        }
        TableSchema last = null;
        for (Transaction transaction : batch.transactions()) {
            for (ChangeEvent event : transaction.events()) {
                TableSchema schema = event.schema();
                if (schema != last && !isSettled(schema) && !holds.isHeld(schema.table())) {
                    settle(schema, transaction, pending);
                }
                last = schema;
            }
        }
    }

    boolean isSettled(TableSchema schema) {
        TableSchema known = settled.get(schema.id());
        return known != null && (known == schema || known.sameShape(schema));
    }

    private void settle(TableSchema schema, Transaction transaction, boolean pending)
            throws SQLException, SinkException {
        AppliedShape known = shapes.of(schema.table()).orElse(null);
        if (known == null || isNoNews(known, schema)) {
            accept(known, schema);
        } else {
            step(known, schema, transaction, pending);
        }
    }

    private boolean isNoNews(AppliedShape known, TableSchema schema) {
        return known.isNewerThan(shapes.journal(), schema) || known.schema().sameShape(schema);
    }

    /** A table's first shape, one that is the same as before, or one from before. */
    private void accept(@Nullable AppliedShape known, TableSchema schema) throws SQLException, SinkException {
        if (known == null) {
            tables.binding(schema);
            memory.advance(AppliedShape.first(shapes.journal(), schema));
        } else if (known.isNewerThan(shapes.journal(), schema)) {
            log.info(
                    "{}: changes of {} come in version {}; the target is at version {} and stays there",
                    context.pipeline(),
                    schema.table(),
                    schema.version(),
                    known.schema().version());
        } else {
            memory.advance(known.confirmed(shapes.journal(), schema));
        }
        settled.put(schema.id(), schema);
    }

    private void step(AppliedShape known, TableSchema schema, Transaction transaction, boolean pending)
            throws SQLException, SinkException {
        try (TargetDdl ddl = new TargetDdl(settings, dialect, context, connection)) {
            SchemaPlan plan = ddl.plan(known, schema).orElse(null);
            if (plan == null) {
                remake(schema);
                return;
            }
            switch (plan.reaction()) {
                case FAIL -> throw refused(plan);
                case PAUSE ->
                    hold(plan, false, SqlErrors.SCHEMA_PAUSED, plan.reason(Reaction.PAUSE), transaction, pending);
                default -> {
                    if (plan.mayComeEarly()) {
                        follow(ddl, plan, known, transaction, pending);
                    } else {
                        // Changes of the old shape come before: its own catching-up finds the very place.
                        hold(plan, true, SqlErrors.SCHEMA_PAUSED, plan.text(), transaction, pending);
                    }
                }
            }
        }
    }

    /** Somebody dropped it at the target: it is made anew by this shape. */
    private void remake(TableSchema schema) throws SQLException, SinkException {
        tables.forget();
        tables.binding(schema);
        memory.advance(AppliedShape.first(shapes.journal(), schema));
        settled.put(schema.id(), schema);
    }

    private void follow(TargetDdl ddl, SchemaPlan plan, AppliedShape known, Transaction transaction, boolean pending)
            throws SQLException, SinkException {
        boolean barrier = pending && !plan.ddl().isEmpty() && !dialect.definesInside();
        if (barrier) {
            connection.rollback();
        }
        try {
            run(ddl, plan, known, pending);
        } catch (SinkException e) {
            if (e.disposition() == Disposition.RETRY) {
                throw e;
            }
            hold(plan, false, e.code(), e.getMessage() + "; " + e.remedy(), transaction, pending);
            return;
        }
        if (barrier) {
            throw barrier(plan);
        }
    }

    private void run(TargetDdl ddl, SchemaPlan plan, AppliedShape known, boolean pending)
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
        if (!plan.ddl().isEmpty()) {
            ddl.run(plan);
            tables.forget();
            if (dialect.definesInside() && !pending) {
                connection.commit(); // else a batch that is written anew would take it back
            }
        }
        memory.advance(known.follow(shapes.journal(), plan, ddl.table(plan.to())));
        settled.put(plan.to().id(), plan.to());
    }

    private static SinkException barrier(SchemaPlan plan) {
        return SinkException.retry(
                "JDBC-SCHEMA-BARRIER",
                "table " + plan.to().table() + " changed its shape inside of a large transaction, which is written from"
                        + " its start now",
                null);
    }

    /**
     * I2: committed on its own, before any checkpoint passes a change of the table. The next transaction leaves them out.
     */
    private void hold(
            SchemaPlan plan, boolean approved, String code, String reason, Transaction transaction, boolean pending)
            throws SQLException, SinkException {
        if (pending) {
            connection.rollback();
        }
        TableSchema to = plan.to();
        Hold hold = new Hold(
                to.table(),
                shapes.journal(),
                transactionAfter,
                0,
                memory.checkpoint(),
                approved ? to.id() : 0,
                to.id(),
                to.version(),
                code,
                reason,
                plan.ddl(),
                transaction.commitMicros());
        memory.hold(hold);
        if (!approved) {
            log.warn(
                    "{}: {}: {} is held back from frame {} on, all others go on: {}; the target needs: {}",
                    context.pipeline(),
                    code,
                    to.table(),
                    transactionAfter + 1,
                    reason,
                    plan.ddlText());
        }
        if (pending) {
            throw barrier(plan);
        }
    }

    /**
     * Makes the target fit for a shape that a held table has come to. Nothing may be open at the target.
     *
     * @return the hold as it goes on, not stored, when this shape may not be followed or cannot be
     */
    Optional<Hold> settleHeld(Hold hold, TableSchema schema) throws SQLException, SinkException {
        AppliedShape known = shapes.of(schema.table()).orElse(null);
        if (known == null || isNoNews(known, schema)) {
            accept(known, schema);
            return Optional.empty();
        }
        try (TargetDdl ddl = new TargetDdl(settings, dialect, context, connection)) {
            SchemaPlan plan = ddl.plan(known, schema).orElse(null);
            if (plan == null) {
                remake(schema);
                return Optional.empty();
            }
            boolean allowed = plan.reaction() == Reaction.EVOLVE || schema.id() <= hold.approved();
            boolean ours = settings.createTables() || plan.ddl().isEmpty();
            if (!allowed || !ours) {
                String reason = allowed ? "approved, but the target is not fit yet: " + plan.text() : plan.text();
                return Optional.of(again(hold, plan, SqlErrors.SCHEMA_PAUSED, reason));
            }
            try {
                run(ddl, plan, known, false);
                return Optional.empty();
            } catch (SinkException e) {
                if (e.disposition() == Disposition.RETRY) {
                    throw e;
                }
                return Optional.of(again(hold, plan, e.code(), e.getMessage() + "; " + e.remedy()));
            }
        }
    }

    private static Hold again(Hold hold, SchemaPlan plan, String code, String reason) {
        return hold.again(plan.to().id(), plan.to().version(), code, reason, plan.ddl());
    }

    private static SinkException refused(SchemaPlan plan) {
        return SinkException.halt(
                SqlErrors.SCHEMA_CHANGE,
                "table " + plan.to().table() + " changed its shape: " + plan.reason(Reaction.FAIL),
                "set schema-changes of this sink for that class to evolve, pause or ignore; the target would need: "
                        + plan.ddlText(),
                null);
    }
}
