package dev.tailrace.agent;

import dev.tailrace.admin.StatusReport;
import dev.tailrace.admin.StatusReport.AgentPart;
import dev.tailrace.admin.StatusReport.AgentState;
import dev.tailrace.admin.StatusReport.JournalPart;
import dev.tailrace.admin.StatusReport.SinkPart;
import dev.tailrace.admin.StatusReport.SourcePart;
import dev.tailrace.deadletter.Counts;
import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import dev.tailrace.pipeline.StoredCheckpoints;
import java.nio.file.Path;
import java.util.List;

/** What a stopped agent left in its journal, in the shape of a running one's report. */
public final class OfflineStatus {
    private OfflineStatus() {}

    /** Reads beside whoever else has the journal; changes nothing. */
    public static StatusReport read(AgentConfiguration configuration) throws JournalException {
        try (JournalInspector inspector =
                JournalInspector.open(configuration.dataDirectory()).orElse(null)) {
            if (inspector == null) {
                return report(configuration, 0, "", journal(configuration, 0, 0, 0));
            }
            JournalInspector.Info info = inspector.info();
            return report(
                    configuration,
                    info.epoch(),
                    info.tail()
                            .offset()
                            .map(offset -> offset.position().toString())
                            .orElse(""),
                    journal(configuration, info.firstSequence(), info.readableSequence(), info.bytes()));
        }
    }

    /** What sinks need and how fast it grew is not known of a stopped agent. */
    private static JournalPart journal(AgentConfiguration configuration, long first, long last, long bytes) {
        return new JournalPart(
                first,
                last,
                bytes,
                null,
                configuration.journal().maximumSize().bytes(),
                configuration.dataDirectory().toFile().getUsableSpace(),
                0,
                configuration.journal().reserve().bytes(),
                0,
                null);
    }

    private static StatusReport report(
            AgentConfiguration configuration, long epoch, String position, JournalPart journal) {
        // What the agent noted last; a target that keeps its own checkpoint may be a moment ahead.
        Path checkpoints = configuration.dataDirectory().resolve("checkpoints");
        List<SinkPart> sinks = configuration.sinks().stream()
                .map(sink -> sink(
                        sink,
                        StoredCheckpoints.place(checkpoints, sink.name())
                                .map(StoredCheckpoints.Place::sequence)
                                .orElse(0L),
                        letters(configuration, sink.name())))
                .toList();
        return new StatusReport(
                new AgentPart(
                        configuration.name(),
                        AgentState.STOPPED,
                        epoch,
                        0,
                        Version.current().tailrace()),
                new SourcePart(configuration.source().settings().type(), "stopped", position, null, null, null, null),
                journal,
                sinks,
                List.of());
    }

    private static SinkPart sink(SinkConfiguration sink, long passed, Counts letters) {
        return new SinkPart(
                sink.name(),
                sink.type(),
                "stopped",
                passed,
                0,
                null,
                letters.dead(),
                letters.parkedRows(),
                List.of(),
                null);
    }

    private static Counts letters(AgentConfiguration configuration, String sink) {
        try (DeadLetterLog log = DeadLetterLog.at(DeadLetterLog.file(configuration.dataDirectory(), sink), false)) {
            return log.counts();
        } catch (DeadLetterException e) {
            return Counts.NONE; // dlq says why it cannot be read
        }
    }
}
