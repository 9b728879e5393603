package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import com.beust.jcommander.converters.IParameterSplitter;
import dev.tailrace.admin.AdminClient;
import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.deadletter.DeadLetterDesk;
import dev.tailrace.deadletter.DeadLetterDesk.Filter;
import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.DeadLetterLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code tailrace dlq list|show|retry|edit|skip|export|audit}: changes that targets refused, and what waits behind them. */
final class DlqVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> words = new ArrayList<>();

    @Parameter(names = "--sink")
    @Nullable
    private String sink;

    @Parameter(names = "--table")
    @Nullable
    private String table;

    @Parameter(names = "--code")
    @Nullable
    private String code;

    @Parameter(names = "--waiting")
    private boolean waiting;

    @Parameter(names = "--set", splitter = Unsplit.class)
    private List<String> assignments = new ArrayList<>();

    @Parameter(names = "--null", splitter = Unsplit.class)
    private List<String> nulls = new ArrayList<>();

    @Parameter(names = "--dry-run")
    private boolean dryRun;

    @Parameter(names = "--reason")
    private String reason = "";

    /** A value may have commas. */
    static final class Unsplit implements IParameterSplitter {
        @Override
        public List<String> split(String value) {
            return List.of(value);
        }
    }

    @Override
    public String name() {
        return "dlq";
    }

    @Override
    public String summary() {
        return "changes that targets refused: list, show, retry, edit, skip, export, audit";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace dlq list   [--waiting] [FILTER] [-c FILE] [--json]
                       tailrace dlq show   SINK/NUMBER [-c FILE] [--json]
                       tailrace dlq retry  [SINK/NUMBER] [FILTER] [--dry-run] [--reason TEXT] [-c FILE] [--json]
                       tailrace dlq edit   SINK/NUMBER --set COLUMN=VALUE... --null COLUMN... --reason TEXT
                                           [--dry-run] [-c FILE] [--json]
                       tailrace dlq skip   SINK/NUMBER --reason TEXT [--dry-run] [-c FILE] [--json]
                       tailrace dlq export [FILTER] [-c FILE]
                       tailrace dlq audit  [-c FILE] [--json]

                Beside a running agent or without one; a running agent acts within a second.

                  list    what was refused, why, how often it was tried, and how much waits behind it
                    --waiting      what waits behind it too
                  show    one change with its values
                  retry   tries what is meant again at once, with all that waits behind it; without
                          SINK/NUMBER and FILTER everything
                  edit    puts other values into a change and tries it again at once; the change as it was
                          stays in the audit. The target then differs from the source
                  skip    takes a change out for good: it never comes to the target, and what waits behind
                          it is tried next; the change stays in the audit
                  export  what is meant as JSON Lines, values and all
                  audit   the orders given so far
                    --dry-run      shows what would be done, and does nothing
                    --reason TEXT  kept in the audit

                FILTER: --sink NAME, --table TABLE (of the source), --code CODE

                Exit codes: 0 done; 1 there is no such change, or it is being written at this moment;
                2 the configuration or the command line is invalid.

                Example:
                  tailrace dlq list
                  tailrace dlq retry --table public.orders --dry-run
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        String action = words.isEmpty() ? "" : words.get(0);
        int most = switch (action) {
            case "list", "export", "audit" -> 1;
            case "show", "retry", "edit", "skip" -> 2;
            default -> 0;
        };
        boolean named = words.size() == 2;
        boolean needsName = List.of("show", "edit", "skip").contains(action);
        if (words.isEmpty() || words.size() > most || (!named && needsName)) {
            throw usage("dlq takes list, show SINK/NUMBER, retry [SINK/NUMBER], edit SINK/NUMBER, skip SINK/NUMBER,"
                    + " export or audit");
        }
        if (List.of("edit", "skip").contains(action) && reason.isBlank()) {
            throw usage(
                    "dlq " + action + " makes the target differ from the source: --reason TEXT is needed, and kept");
        }
        @Nullable DlqCorrection correction = action.equals("edit") ? new DlqCorrection(assignments, nulls) : null;
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        Long number = named ? letter(words.get(1)) : null;
        DlqReport report = new DlqReport(terminal.out(), options.json);
        Map<String, DeadLetterDesk> desks = desks(file.agent());
        try {
            Filter all = new Filter(number, table, code, false);
            return switch (action) {
                case "list" -> report.list(desks, new Filter(null, table, code, !waiting));
                case "export" -> report.export(desks, all);
                case "audit" -> report.audit(desks);
                case "show" -> report.show(only(desks), all, event -> event);
                case "retry" -> retry(report, desks, all);
                case "edit" -> edit(report, only(desks), all, Objects.requireNonNull(correction, "values"));
                default -> skip(report, only(desks), all);
            };
        } catch (DeadLetterException e) {
            throw new Failure(ExitCode.FAILED, "DEAD-LETTERS-IO", String.valueOf(e.getMessage()), "", e);
        } finally {
            desks.values().forEach(DeadLetterDesk::close);
        }
    }

    private int retry(DlqReport report, Map<String, DeadLetterDesk> desks, Filter filter)
            throws DeadLetterException, Failure {
        Map<String, List<Long>> found = new LinkedHashMap<>();
        for (Map.Entry<String, DeadLetterDesk> desk : desks.entrySet()) {
            List<Long> firsts = dryRun
                    ? desk.getValue().wouldRetry(filter)
                    : desk.getValue().retry(filter, reason, micros());
            if (!firsts.isEmpty()) {
                found.put(desk.getKey(), firsts);
            }
        }
        if (found.isEmpty() && filter.number() != null) {
            throw noSuch();
        }
        return report.ordered(dryRun ? "would be tried again" : "is tried again", found);
    }

    private int edit(DlqReport report, DeadLetterDesk desk, Filter filter, DlqCorrection correction)
            throws DeadLetterException, Failure {
        long number = Objects.requireNonNull(filter.number(), "a letter's number");
        if (dryRun) {
            return report.show(desk, filter, correction);
        }
        if (!desk.edit(number, correction, reason, micros())) {
            throw noSuch();
        }
        return report.ordered("is tried again with other values", Map.of(String.valueOf(sink), List.of(number)));
    }

    private int skip(DlqReport report, DeadLetterDesk desk, Filter filter) throws DeadLetterException, Failure {
        long number = Objects.requireNonNull(filter.number(), "a letter's number");
        boolean done = dryRun ? !desk.wouldRetry(filter).isEmpty() : desk.skip(number, reason, micros());
        if (!done) {
            throw noSuch();
        }
        return report.ordered(
                dryRun ? "would be taken out for good" : "is taken out for good",
                Map.of(String.valueOf(sink), List.of(number)));
    }

    private static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private Failure noSuch() {
        return new Failure(
                ExitCode.FAILED,
                "DLQ-UNKNOWN",
                "there is no change " + words.get(1) + ", or it is being written at this moment",
                "tailrace dlq list --waiting shows what is there.",
                null);
    }

    /** {@code SINK/NUMBER}, which also says whose desk is meant. */
    private Long letter(String word) throws Failure {
        int at = word.lastIndexOf('/');
        String digits = word.substring(at + 1);
        if (at < 1 || !digits.matches("[0-9]{1,18}")) {
            throw usage(word + " is no SINK/NUMBER, as dlq list shows them");
        }
        sink = word.substring(0, at);
        return Long.parseLong(digits);
    }

    private Map<String, DeadLetterDesk> desks(AgentConfiguration agent) throws Failure {
        Map<String, DeadLetterDesk> desks = new LinkedHashMap<>();
        for (SinkConfiguration each : agent.sinks()) {
            if (sink == null || sink.equals(each.name())) {
                desks.put(
                        each.name(),
                        DeadLetterDesk.at(
                                DeadLetterLog.file(agent.dataDirectory(), each.name()), AdminClient.operator()));
            }
        }
        if (desks.isEmpty()) {
            throw usage("there is no sink " + sink);
        }
        return desks;
    }

    private static DeadLetterDesk only(Map<String, DeadLetterDesk> desks) {
        return desks.values().iterator().next();
    }

    private static Failure usage(String message) {
        return new Failure(ExitCode.CONFIGURATION, "USAGE", message, "tailrace dlq --help", null);
    }
}
