package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.agent.OperatorLog;
import dev.tailrace.agent.SchemaDesks;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import dev.tailrace.sink.SinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code tailrace schema list|diff|approve}: the versions of the tables, and what they mean for each target. */
final class SchemaVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--sink")
    @Nullable
    private String sink;

    @Override
    public String name() {
        return "schema";
    }

    @Override
    public String summary() {
        return "show versions of tables and planned changes of targets: list, diff, approve";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace schema list [-c FILE] [--json]
                       tailrace schema diff TABLE [FROM TO] [--sink NAME] [-c FILE] [--json]
                       tailrace schema approve TABLE [--sink NAME] [-c FILE] [--json]

                Beside a running agent or without one. TABLE is schema.table, on MySQL database.table.

                  list     the newest version of every table in the journal, and where each target is
                  diff     what changed between two versions (default: the newest two), its class, the policy
                           of each sink, and the statements that its target still needs
                  approve  lets a held table go on: the sink runs what diff shows, unless it was done by
                           hand, and the table catches up
                    --sink NAME  only there; default: every sink that holds the table

                Exit codes: 0 done; 1 nothing holds the table, or there is no journal; 2 the configuration or
                the command line is invalid.

                Example:
                  tailrace schema diff public.orders
                  tailrace schema approve public.orders --sink warehouse
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        String action = words.isEmpty() ? "" : words.get(0);
        boolean fits = switch (action) {
            case "list" -> words.size() == 1;
            case "diff" -> words.size() == 2 || words.size() == 4;
            case "approve" -> words.size() == 2;
            default -> false;
        };
        if (!fits) {
            throw usage("schema takes list, diff TABLE [FROM TO] or approve TABLE");
        }
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        try (JournalInspector inspector = file.journal()) {
            JournalInspector.Info info = inspector.info();
            SchemaDesks desks = new SchemaDesks(file.agent(), info.id(), info.epoch());
            SchemaReport report = new SchemaReport(terminal.out(), options.json);
            return switch (action) {
                case "list" -> report.list(info.id(), inspector.versions(), desks);
                case "diff" -> report.diff(change(inspector.versions()), desks.of(sink));
                default -> approve(file, desks, report);
            };
        } catch (JournalException e) {
            throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    private static Failure usage(String message) {
        return new Failure(ExitCode.CONFIGURATION, "USAGE", message, "tailrace schema --help", null);
    }

    /** The two versions that are asked for. */
    private SchemaReport.Pair change(List<JournalInspector.Version> all) throws Failure {
        String table = words.get(1);
        List<JournalInspector.Version> versions = all.stream()
                .filter(v -> v.schema().table().toString().equals(table))
                .toList();
        if (versions.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILED,
                    "SCHEMA-UNKNOWN",
                    "the journal has no table " + table,
                    "tailrace schema list shows those that it has.",
                    null);
        }
        if (words.size() == 4) {
            return new SchemaReport.Pair(version(versions, words.get(2)), version(versions, words.get(3)));
        }
        int last = versions.size() - 1;
        return new SchemaReport.Pair(versions.get(Math.max(0, last - 1)), versions.get(last));
    }

    private static JournalInspector.Version version(List<JournalInspector.Version> versions, String number)
            throws Failure {
        return versions.stream()
                .filter(v -> Integer.toString(v.schema().version()).equals(number))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitCode.FAILED,
                        "SCHEMA-UNKNOWN",
                        "the journal has no version " + number + " of that table",
                        "It has "
                                + String.join(
                                        ", ",
                                        versions.stream()
                                                .map(v -> Integer.toString(
                                                        v.schema().version()))
                                                .toList())
                                + ".",
                        null));
    }

    private static Failure failed(AdminException e) {
        return new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
    }

    /** A running agent acts at once; without one the target is told, and the next start acts. */
    private int approve(ConfigurationFile file, SchemaDesks desks, SchemaReport report) throws Failure {
        String table = words.get(1);
        List<String> approved = new ArrayList<>();
        AdminException notYet = null;
        boolean running = true;
        for (String name : desks.names(sink)) {
            try {
                if (AdminClient.approve(file.agent().admin(), name, table)) {
                    approved.add(name);
                }
            } catch (AdminException e) {
                switch (e.code()) {
                    case "ADMIN-UNREACHABLE" -> running = false;
                    case "ADMIN-NOT-YET" -> notYet = e; // another sink may hold it too
                    default -> throw failed(e);
                }
            }
        }
        if (notYet != null && approved.isEmpty()) {
            throw failed(notYet);
        }
        if (!running) {
            try {
                List<String> written = desks.approve(sink, table);
                approved.addAll(written);
                for (String name : written) {
                    OperatorLog.in(file.agent().dataDirectory())
                            .add(OperatorLog.Order.now(
                                    AdminClient.operator(), "schema approve", name + " " + table, ""));
                }
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.FAILED, "ADMIN-ORDER", "approved, but it cannot be written down: " + e, "", e);
            } catch (SinkException e) {
                throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
            }
        }
        if (approved.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILED,
                    "SCHEMA-NOT-HELD",
                    "no sink holds " + table,
                    "tailrace schema list shows what is held.",
                    null);
        }
        return report.approved(table, approved, running);
    }
}
