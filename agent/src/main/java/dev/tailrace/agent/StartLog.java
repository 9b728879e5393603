package dev.tailrace.agent;

import dev.tailrace.config.EffectiveConfiguration;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.Tail;
import dev.tailrace.pipeline.StoredCheckpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first lines of the log: what runs, with which configuration, and from where it goes on. */
final class StartLog {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private StartLog() {}

    static void configuration(EffectiveConfiguration effective) {
        Version version = Version.current();
        LOG.info(
                "Tailrace {} on Java {}, Debezium {}, Chronicle Queue {}",
                version.tailrace(),
                Version.java(),
                version.debezium(),
                version.chronicleQueue());
        LOG.info("configuration in effect:\n{}", effective.table().stripTrailing());
    }

    static void resume(Journal journal, AgentConfiguration configuration) {
        Tail tail = journal.recovered();
        LOG.info(
                "journal {} in {}, epoch {}, last frame {}",
                journal.id(),
                configuration.dataDirectory(),
                journal.epoch(),
                tail.sequence());
        LOG.info("{}", reason(tail, configuration));
    }

    /** A sink that was taken out of the configuration holds nothing in the journal; its checkpoint waits for its return. */
    static void formerSinks(Path checkpoints, AgentConfiguration configuration) {
        try {
            List<String> former = new ArrayList<>(StoredCheckpoints.sinks(checkpoints));
            configuration.sinks().forEach(sink -> former.remove(sink.name()));
            for (String sink : former) {
                LOG.info(
                        "sink {} is not configured any more: the journal keeps nothing for it; {}.checkpoint in {} says"
                                + " where it goes on when it comes back",
                        sink,
                        sink,
                        checkpoints);
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be listed", checkpoints, e);
        }
    }

    /** Where capture goes on and why. */
    static String reason(Tail tail, AgentConfiguration configuration) {
        String snapshot = configuration
                .source()
                .settings()
                .snapshot()
                .name()
                .toLowerCase(java.util.Locale.ROOT)
                .replace('_', '-');
        return switch (tail.snapshot()) {
            case RUNNING ->
                "the initial snapshot was interrupted after " + tail.snapshotEvents() + " rows: it starts over";
            case NONE, COMPLETED ->
                tail.offset()
                        .map(offset ->
                                "resumes at " + offset.position() + ": up to there the journal holds every transaction")
                        .orElse("nothing is captured yet: "
                                + (snapshot.equals("never")
                                        ? "begins with the next change (source.snapshot is never)"
                                        : "begins with a snapshot (source.snapshot is " + snapshot + ")"));
        };
    }
}
