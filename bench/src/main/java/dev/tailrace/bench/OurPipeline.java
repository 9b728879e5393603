package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineListener;
import dev.tailrace.pipeline.PipelineSettings;
import dev.tailrace.pipeline.PipelineState;
import java.time.Clock;
import java.util.SplittableRandom;

/** The product's pipeline of one configured sink, without an agent around it. */
final class OurPipeline {
    private OurPipeline() {}

    static Pipeline start(
            AgentConfiguration agent,
            SinkConfiguration sink,
            DataDirectory directory,
            Journal journal,
            PipelineListener listener)
            throws JournalException {
        PipelineSettings settings = PipelineSettings.of(sink.name(), sink.type());
        Pipeline pipeline = new Pipeline(
                sink.definition().combines() ? settings.wideningFor(1) : settings,
                sink.definition(),
                sink.wanted(),
                journal,
                directory.checkpoints(),
                directory.sink(sink.name()),
                agent.name(),
                sink.rejects(),
                DeadLetterLog.file(agent.dataDirectory(), sink.name()),
                listener,
                Clock.systemUTC(),
                new SplittableRandom());
        pipeline.start();
        return pipeline;
    }

    /** @throws IllegalStateException when it delivers nothing any more */
    static void check(Pipeline pipeline) {
        if (pipeline.status().state() == PipelineState.HALTED) {
            throw new IllegalStateException(
                    "the pipeline halted: " + pipeline.status().lastError());
        }
    }
}
