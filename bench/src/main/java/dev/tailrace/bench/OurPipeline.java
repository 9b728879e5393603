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
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.util.List;
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

    /** What the threads of the pipelines of these names took of the processors until now. */
    static long cpuNanos(List<String> names) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            String name = thread == null ? "" : thread.getThreadName();
            boolean ours = names.stream().anyMatch(sink -> name.equals("sink-" + sink) || name.equals("read-" + sink));
            nanos += ours ? Math.max(0, threads.getThreadCpuTime(id)) : 0;
        }
        return nanos;
    }

    /** @throws IllegalStateException when it delivers nothing any more */
    static void check(Pipeline pipeline) {
        if (pipeline.status().state() == PipelineState.HALTED) {
            throw new IllegalStateException(
                    "the pipeline halted: " + pipeline.status().lastError());
        }
    }
}
