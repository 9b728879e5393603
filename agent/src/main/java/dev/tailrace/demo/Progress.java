package dev.tailrace.demo;

import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.AdminSettings;
import dev.tailrace.admin.StatusReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines that show how far the agent has come, from its own status, at most one every two seconds. One thread. */
final class Progress {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final AdminSettings admin;
    private final Receiver receiver;
    private final @Nullable PrintStream out;
    private final long start = System.nanoTime();
    private long next = start;

    /** @param out null shows nothing */
    Progress(AgentFiles files, Receiver receiver, @Nullable PrintStream out) {
        this.admin = new AdminSettings("127.0.0.1", files.adminPort(), Optional.empty());
        this.receiver = receiver;
        this.out = out;
    }

    void show(Tally tally) {
        if (out == null || System.nanoTime() - next < 0) {
            return;
        }
        next = System.nanoTime() + EVERY.toNanos();
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        out.printf(Locale.ROOT, "%3d s  source %,d transactions | %s%n", seconds, tally.total(), agent());
        out.flush();
    }

    private String agent() {
        StatusReport status;
        try {
            status = AdminClient.status(admin);
        } catch (AdminException e) {
            return "agent does not answer";
        }
        StringBuilder line = new StringBuilder(status.source().state())
                .append(" at ")
                .append(status.source().position())
                .append(", lag ")
                .append(lag(status.source().lagMs()))
                .append(" | journal ")
                .append(String.format(Locale.ROOT, "%,d", status.journal().durableSequence()));
        for (StatusReport.SinkPart sink : status.sinks()) {
            line.append(String.format(Locale.ROOT, " | %s %,d", sink.name(), sink.appliedSequence()));
            if (sink.name().equals(AgentFiles.EVENTS)) {
                line.append(String.format(Locale.ROOT, " (%,d delivered)", receiver.deliveries()));
            }
            if (!sink.state().equals("running")) {
                line.append(' ').append(sink.state());
            }
            line.append(" lag ").append(lag(sink.lagMs()));
        }
        return line.toString();
    }

    private static String lag(@Nullable Long millis) {
        return millis == null ? "?" : millis + " ms";
    }
}
