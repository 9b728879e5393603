package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
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
import org.jspecify.annotations.Nullable;

/** {@code tailrace dlq list|show|retry|skip|export|audit}: changes that targets refused, and what waits behind them. */
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

    @Parameter(names = "--dry-run")
    private boolean dryRun;

    @Parameter(names = "--reason")
    private String reason = "";

    @Override
    public String name() {
        return "dlq";
    }

    @Override
    public String summary() {
        return "changes that targets refused: list, show, retry, skip, export, audit";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace dlq list   [--waiting] [FILTER] [-c FILE] [--json]
                       tailrace dlq show   SINK/NUMBER [-c FILE] [--json]
                       tailrace dlq retry  [SINK/NUMBER] [FILTER] [--dry-run] [--reason TEXT] [-c FILE] [--json]
                       tailrace dlq skip   SINK/NUMBER --reason TEXT [--dry-run] [-c FILE] [--json]
                       tailrace dlq export [FILTER] [-c FILE]
                       tailrace dlq audit  [-c FILE] [--json]

                Beside a running agent or without one; a running agent acts within a second.

                  list    what was refused, why, how often it was tried, and how much waits behind it
                    --waiting      what waits behind it too
                  show    one change with its values
                  retry   tries what is meant again at once, with all that waits behind it; without
                          SINK/NUMBER and FILTER everything
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
            case "show", "retry", "skip" -> 2;
            default -> 0;
        };
        boolean named = words.size() == 2;
        if (words.isEmpty() || words.size() > most || (!named && (action.equals("show") || action.equals("skip")))) {
            throw usage("dlq takes list, show SINK/NUMBER, retry [SINK/NUMBER], skip SINK/NUMBER, export or audit");
        }
        if (action.equals("skip") && reason.isBlank()) {
            throw usage("dlq skip loses a change: --reason TEXT is needed, and kept");
        }
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
                case "show" -> report.show(only(desks), all);
                case "retry" -> retry(report, desks, all);
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

    private int skip(DlqReport report, DeadLetterDesk desk, Filter filter) throws DeadLetterException, Failure {
        long number = java.util.Objects.requireNonNull(filter.number(), "a letter's number");
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
                                DeadLetterLog.file(agent.dataDirectory(), each.name()),
                                System.getProperty("user.name", "")));
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
