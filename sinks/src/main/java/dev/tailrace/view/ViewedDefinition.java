package dev.tailrace.view;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.SchemaDesk;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A configured sink with what it is shown. */
record ViewedDefinition(ViewSettings settings, SinkFactory.Definition definition) implements SinkFactory.Definition {

    @Override
    public Sink create() {
        return ViewedSink.of(settings, definition.create());
    }

    @Override
    public boolean transactional() {
        return definition.transactional();
    }

    @Override
    public boolean combines() {
        return definition.combines();
    }

    @Override
    public List<Finding> preflight(SinkContext context) {
        List<Finding> findings = new ArrayList<>();
        List<TableSchema> shown = new ArrayList<>();
        TableViews views = new TableViews(settings);
        for (TableSchema table : context.tables()) {
            try {
                shown.add(views.newest(table));
            } catch (ViewProblem e) {
                findings.add(finding(context, String.valueOf(e.getMessage()), Severity.FATAL));
            }
        }
        TreeSet<String> unmet = new TreeSet<>(settings.tables().keySet());
        context.tables().forEach(table -> unmet.remove(table.table().toString()));
        if (!context.tables().isEmpty() && !unmet.isEmpty()) {
            findings.add(finding(
                    context,
                    "keys, columns or where name tables of which no change has come yet: " + String.join(", ", unmet),
                    Severity.WARNING));
        }
        findings.addAll(definition.preflight(ViewedSink.with(context, shown)));
        return List.copyOf(findings);
    }

    @Override
    public Optional<SchemaDesk> schemaDesk(SinkContext context) {
        return definition.schemaDesk(context).map(desk -> new ViewedDesk(new TableViews(settings), desk));
    }

    /** Compares the shapes that the sink is shown. */
    private record ViewedDesk(TableViews views, SchemaDesk desk) implements SchemaDesk {

        @Override
        public List<State> states() throws SinkException {
            return desk.states();
        }

        @Override
        public List<Change> changes(TableSchema from, TableSchema to) throws SinkException {
            try {
                return desk.changes(views.newest(from), views.newest(to));
            } catch (ViewProblem e) {
                throw TableViews.halt(e);
            }
        }

        @Override
        public boolean approve(TableId table) throws SinkException {
            return desk.approve(table);
        }
    }

    private static Finding finding(SinkContext context, String message, Severity severity) {
        return new Finding(
                TableViews.SETTINGS,
                "sink " + context.sink(),
                message,
                "mend keys, columns or where of this sink",
                severity);
    }
}
