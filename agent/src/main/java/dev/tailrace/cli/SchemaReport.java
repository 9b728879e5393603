package dev.tailrace.cli;

import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.SchemaDesks;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.JournalInspector.Version;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.SchemaDesk;
import dev.tailrace.sink.SinkException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints what {@code schema} found, for people or as JSON. */
final class SchemaReport {
    private final PrintStream out;
    private final boolean json;

    SchemaReport(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Two versions of one table. */
    record Pair(Version from, Version to) {}

    private record HeldJson(String state, long firstSequence, String code, String reason, List<String> plan) {}

    private record SinkJson(
            String sink,
            @Nullable Integer version,
            String state,
            List<String> ignored,
            @Nullable HeldJson held,
            @Nullable String error) {}

    private record VersionJson(int version, long sequence, String position, long sourceMs, int columns) {}

    private record TableJson(String table, int version, List<VersionJson> versions, List<SinkJson> sinks) {}

    private record ChangeJson(String kind, String text, String policy, List<String> plan) {}

    private record SinkChangesJson(
            String sink, List<ChangeJson> changes, @Nullable String error) {}

    private record ColumnJson(String name, String type, int length, int scale, boolean nullable, boolean key) {}

    private record DiffJson(
            String table,
            int from,
            int to,
            List<ColumnJson> before,
            List<ColumnJson> after,
            List<SinkChangesJson> sinks) {}

    int list(String journal, List<Version> versions, SchemaDesks desks) {
        Map<String, List<Version>> tables = new TreeMap<>();
        versions.forEach(v -> tables.computeIfAbsent(v.schema().table().toString(), t -> new ArrayList<>())
                .add(v));
        Map<String, Map<String, SchemaDesk.State>> states = new LinkedHashMap<>();
        Map<String, String> errors = new LinkedHashMap<>();
        desks.of(null).forEach((sink, desk) -> {
            Map<String, SchemaDesk.State> byTable = new LinkedHashMap<>();
            try {
                desk.states().forEach(state -> byTable.put(state.table().toString(), state));
            } catch (SinkException e) {
                errors.put(sink, e.code() + ": " + e.getMessage());
            }
            states.put(sink, byTable);
        });
        List<TableJson> rows = new ArrayList<>();
        tables.forEach((table, all) -> {
            Version newest = all.get(all.size() - 1);
            List<SinkJson> sinks = new ArrayList<>();
            states.forEach((sink, known) ->
                    sinks.add(sink(sink, journal, newest.schema(), known.get(table), errors.get(sink))));
            rows.add(new TableJson(
                    table,
                    newest.schema().version(),
                    all.stream().map(SchemaReport::version).toList(),
                    sinks));
        });
        if (json) {
            out.println(StatusJson.pretty(Map.of("tables", rows)));
        } else {
            out.print(text(rows));
        }
        return ExitCode.DONE;
    }

    private static VersionJson version(Version version) {
        return new VersionJson(
                version.schema().version(),
                version.sequence(),
                version.position(),
                version.sourceMicros() / 1000,
                version.schema().size());
    }

    private static SinkJson sink(
            String sink, String journal, TableSchema newest, SchemaDesk.@Nullable State state, @Nullable String error) {
        if (state == null) {
            return new SinkJson(sink, null, error == null ? "none" : "unknown", List.of(), null, error);
        }
        HeldTable held = state.held();
        if (held != null) {
            return new SinkJson(
                    sink,
                    state.version(),
                    held.approved() ? "catching-up" : "held",
                    state.ignored(),
                    new HeldJson(
                            held.approved() ? "catching-up" : "held",
                            held.after() + 1,
                            held.code(),
                            held.reason(),
                            held.plan()),
                    null);
        }
        boolean current = state.journal().equals(journal) && state.version() == newest.version();
        return new SinkJson(sink, state.version(), current ? "current" : "older", state.ignored(), null, null);
    }

    private static String text(List<TableJson> tables) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TABLE", "VERSION", "SINCE FRAME", "SOURCE POSITION", "SINK", "AT VERSION", "STATE"));
        StringBuilder notes = new StringBuilder();
        for (TableJson table : tables) {
            VersionJson newest = table.versions.get(table.versions.size() - 1);
            List<String> head = List.of(
                    table.table,
                    Integer.toString(table.version),
                    Long.toString(newest.sequence),
                    newest.position.isEmpty() ? "-" : newest.position);
            if (table.sinks.isEmpty()) {
                rows.add(row(head, List.of("-", "-", "-")));
            }
            for (SinkJson sink : table.sinks) {
                rows.add(row(
                        head, List.of(sink.sink, sink.version == null ? "-" : sink.version.toString(), sink.state)));
                note(notes, table, sink);
            }
        }
        return Terminal.table(rows) + notes;
    }

    private static List<String> row(List<String> head, List<String> rest) {
        List<String> row = new ArrayList<>(head);
        row.addAll(rest);
        return row;
    }

    private static void note(StringBuilder notes, TableJson table, SinkJson sink) {
        if (sink.error != null) {
            notes.append("\nsink ")
                    .append(sink.sink)
                    .append(": ")
                    .append(sink.error)
                    .append('\n');
        }
        if (!sink.ignored.isEmpty()) {
            notes.append("\nsink " + sink.sink + " leaves out of " + table.table + ": "
                    + String.join(", ", sink.ignored) + "\n");
        }
        HeldJson held = sink.held;
        if (held != null) {
            notes.append("\nsink " + sink.sink + ": " + table.table + " is " + held.state + " from frame "
                    + held.firstSequence + " on: " + held.code + "\n  " + held.reason + "\n");
            held.plan.forEach(statement -> notes.append("  ").append(statement).append(";\n"));
        }
    }

    int diff(Pair pair, Map<String, SchemaDesk> desks) {
        TableSchema from = pair.from.schema();
        TableSchema to = pair.to.schema();
        List<SinkChangesJson> sinks = new ArrayList<>();
        desks.forEach((name, desk) -> {
            try {
                sinks.add(new SinkChangesJson(
                        name,
                        desk.changes(from, to).stream()
                                .map(c -> new ChangeJson(c.kind(), c.text(), c.policy(), c.plan()))
                                .toList(),
                        null));
            } catch (SinkException e) {
                sinks.add(new SinkChangesJson(name, List.of(), e.code() + ": " + e.getMessage()));
            }
        });
        if (json) {
            out.println(StatusJson.pretty(new DiffJson(
                    to.table().toString(), from.version(), to.version(), columns(from), columns(to), sinks)));
            return ExitCode.DONE;
        }
        out.println(to.table() + ": version " + from.version() + " to " + to.version()
                + (to.version() == from.version() ? ", which is the only one" : "")
                + ", since frame " + pair.to.sequence());
        columns(from, to);
        for (SinkChangesJson sink : sinks) {
            out.println("\nsink " + sink.sink + ": " + (sink.error == null ? "" : sink.error));
            for (ChangeJson change : sink.changes) {
                out.println("  " + change.kind + " (" + change.policy + "): " + change.text);
                change.plan.forEach(statement -> out.println("    " + statement + ";"));
            }
        }
        return ExitCode.DONE;
    }

    private void columns(TableSchema from, TableSchema to) {
        for (Column column : from.columns()) {
            int now = to.indexOf(column.name());
            if (now < 0) {
                out.println("  - " + text(column));
            } else if (!to.column(now).equals(column)) {
                out.println("  - " + text(column));
                out.println("  + " + text(to.column(now)));
            }
        }
        for (Column column : to.columns()) {
            if (from.indexOf(column.name()) < 0) {
                out.println("  + " + text(column));
            }
        }
        if (!key(from).equals(key(to))) {
            out.println("  - primary key " + key(from));
            out.println("  + primary key " + key(to));
        }
    }

    private static List<String> key(TableSchema schema) {
        return schema.key().stream().map(k -> schema.column(k).name()).toList();
    }

    private static String text(Column column) {
        return column.name() + " " + column.sourceType()
                + (column.length() < 0
                        ? ""
                        : "(" + column.length() + (column.scale() < 0 ? "" : "," + column.scale()) + ")")
                + (column.nullable() ? "" : " NOT NULL");
    }

    private static List<ColumnJson> columns(TableSchema schema) {
        List<ColumnJson> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            Column column = schema.column(i);
            columns.add(new ColumnJson(
                    column.name(),
                    column.sourceType(),
                    column.length(),
                    column.scale(),
                    column.nullable(),
                    schema.isKey(i)));
        }
        return columns;
    }

    int approved(String table, List<String> sinks, boolean running) {
        if (json) {
            out.println(StatusJson.pretty(new ApprovedJson(table, sinks, running)));
        } else {
            out.println(table + " is approved at " + String.join(", ", sinks) + "; "
                    + (running ? "it catches up now" : "it catches up at the next start of the agent"));
        }
        return ExitCode.DONE;
    }

    private record ApprovedJson(String table, List<String> sinks, boolean running) {}
}
