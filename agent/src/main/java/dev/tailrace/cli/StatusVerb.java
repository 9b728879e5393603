package dev.tailrace.cli;

import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.admin.StatusReport;
import dev.tailrace.admin.StatusReport.HeldPart;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.admin.StatusReport.SinkPart;
import dev.tailrace.admin.StatusReport.SnapshotPart;
import dev.tailrace.admin.StatusReport.SourceLogPart;
import dev.tailrace.agent.OfflineStatus;
import dev.tailrace.journal.JournalException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code tailrace status}: what the running agent says of itself, or what a stopped one left. */
final class StatusVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Override
    public String name() {
        return "status";
    }

    @Override
    public String summary() {
        return "show what the agent is doing";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace status [-c FILE] [--json]

                Asks the running agent at admin.listen. When none answers, shows what the journal holds, with
                the state stopped.

                  -c FILE  the configuration; default /etc/tailrace/tailrace.yaml
                  --json   the report of /api/status: {"agent":{},"source":{},"journal":{},"sinks":[]}

                Exit codes: 0 the agent answered; 1 no agent runs; 2 the configuration is invalid.

                Example:
                  tailrace status --json
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        try {
            show(AdminClient.status(file.agent().admin()), terminal.out());
            return ExitCode.DONE;
        } catch (AdminException e) {
            if (!e.code().equals("ADMIN-UNREACHABLE")) {
                throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
            }
            terminal.err()
                    .println("tailrace: " + e.code() + ": " + e.getMessage()
                            + "\n  What follows is read from the journal.");
        }
        try {
            show(OfflineStatus.read(file.agent()), terminal.out());
            return ExitCode.FAILED;
        } catch (JournalException e) {
            throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    private void show(StatusReport report, PrintStream out) {
        if (options.json) {
            out.println(StatusJson.pretty(report));
            return;
        }
        out.print(text(report));
    }

    /** For people. */
    static String text(StatusReport report) {
        StringBuilder text = new StringBuilder();
        text.append(Terminal.table(List.of(
                List.of("agent", report.agent().name(), lower(report.agent().state()), agent(report)),
                List.of("source", report.source().type(), report.source().state(), source(report)),
                List.of("journal", "", "", journal(report)))));
        problem(text, "source is " + report.source().state(), report.source().lastError(), "");
        report.warnings().forEach(warning -> problem(text, "warning", warning, ""));
        SnapshotPart snapshot = report.source().snapshot();
        if (snapshot != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "         initial snapshot: %d rows, %s, %d of %d tables%s%n",
                    snapshot.rows(),
                    snapshot.percent() == null ? "how many there are is unknown" : snapshot.percent() + " %",
                    snapshot.tablesDone(),
                    snapshot.tables(),
                    snapshot.remainingS() == null
                            ? ""
                            : ", about " + duration(Duration.ofSeconds(snapshot.remainingS())) + " left"));
        }
        if (report.sinks().isEmpty()) {
            return text.toString();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SINK", "TYPE", "STATE", "AT FRAME", "PENDING", "LAG", "DEAD LETTERS", "PARKED ROWS"));
        for (SinkPart sink : report.sinks()) {
            rows.add(List.of(
                    sink.name(),
                    sink.type(),
                    sink.state(),
                    sink.appliedSequence() == 0 ? "-" : Long.toString(sink.appliedSequence()),
                    known(sink, sink.pendingEvents()),
                    lag(sink.lagMs()),
                    Long.toString(sink.deadLetters()),
                    Long.toString(sink.parkedKeys())));
        }
        text.append('\n').append(Terminal.table(rows));
        for (SinkPart sink : report.sinks()) {
            problem(text, "sink " + sink.name() + " is " + sink.state(), sink.lastError(), hint(sink));
            if (sink.parkedKeys() > 0) {
                text.append("\nsink ")
                        .append(sink.name())
                        .append(": changes of ")
                        .append(ConfigurationFile.count(
                                Math.toIntExact(Math.min(sink.parkedKeys(), Integer.MAX_VALUE)), "row"))
                        .append(" wait behind refused ones: tailrace dlq list --sink ")
                        .append(sink.name())
                        .append('\n');
            }
            for (HeldPart held : sink.held()) {
                problem(
                        text,
                        "sink " + sink.name() + ": table " + held.table() + " is " + held.state() + " from frame "
                                + held.firstSequence() + " on",
                        new Problem(held.code(), held.reason(), String.join("\n", held.plan())),
                        held.state().equals("held")
                                ? "tailrace schema approve " + held.table() + " --sink " + sink.name()
                                : "");
            }
        }
        return text.toString();
    }

    /** What a stopped agent noted last of a sink is where it goes on; how much that leaves is not counted. */
    private static String known(SinkPart sink, long number) {
        return sink.state().equals("stopped") ? "-" : Long.toString(number);
    }

    private static String hint(SinkPart sink) {
        return sink.state().equals("retrying")
                ? "It is tried again by itself; the journal keeps its changes meanwhile."
                : "The journal keeps its changes meanwhile. When it is mended: tailrace resume " + sink.name();
    }

    private static String agent(StatusReport report) {
        StatusReport.AgentPart agent = report.agent();
        return "version " + agent.version() + ", epoch " + agent.epoch()
                + (agent.uptimeS() == 0 ? "" : ", up " + duration(Duration.ofSeconds(agent.uptimeS())));
    }

    private static String source(StatusReport report) {
        String position = report.source().position();
        Long lag = report.source().lagMs();
        return (position.isEmpty() ? "no position yet" : "at " + position)
                + (lag == null ? "" : ", lag " + lag(lag))
                + log(report.source().log());
    }

    private static String log(@Nullable SourceLogPart log) {
        if (log == null) {
            return "";
        }
        return ", keeps " + Terminal.size(log.retainedBytes()) + " of its log"
                + (log.hoursLeft() == null ? "" : ", which lasts " + hours(log.hoursLeft()));
    }

    private static String hours(double hours) {
        return duration(Duration.ofMinutes(Math.round(hours * 60)));
    }

    private static String journal(StatusReport report) {
        StatusReport.JournalPart journal = report.journal();
        return "frames " + journal.firstSequence() + " to " + journal.durableSequence() + ", "
                + Terminal.size(journal.bytes()) + " of " + Terminal.size(journal.maxBytes())
                + (journal.hoursLeft() == null
                        ? ""
                        : ", takes " + hours(journal.hoursLeft()) + " more while no sink moves");
    }

    private static void problem(StringBuilder text, String subject, @Nullable Problem problem, String hint) {
        if (problem != null) {
            text.append('\n')
                    .append(subject)
                    .append(": ")
                    .append(problem.code())
                    .append('\n');
            (problem.message() + "\n" + (problem.remedy().isEmpty() ? "" : problem.remedy() + "\n") + hint)
                    .lines()
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private static String lag(@Nullable Long millis) {
        return millis == null ? "-" : duration(Duration.ofMillis(millis));
    }

    private static String duration(Duration duration) {
        if (duration.toMillis() < 1000) {
            return duration.toMillis() + " ms";
        }
        if (duration.toMinutes() < 2) {
            return duration.toSeconds() < 10
                    ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
                    : duration.toSeconds() + " s";
        }
        return duration.toHours() < 2
                ? duration.toMinutes() + " min"
                : duration.toHours() < 48 ? duration.toHours() + " h" : duration.toDays() + " days";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
