package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.capture.Capture;
import dev.tailrace.capture.CaptureListener;
import dev.tailrace.capture.CaptureStatus;
import dev.tailrace.demo.Await;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Frame;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalReader;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.journal.Journals;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineListener;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Our side of {@code capture}: the product's capture and journal, without sinks. What counts has been fsynced.
 *
 * <p>As a program: {@code OurCapture CONFIGURATION ROWS [SINK ...]}. The sinks named are opened, but must have nothing to do.
 */
final class OurCapture {
    private static final Duration CLOSE = Duration.ofSeconds(30);

    private OurCapture() {}

    public static void main(String[] args) {
        Child.run(() -> capture(args));
    }

    private static void capture(String[] args) throws Exception {
        AgentConfiguration agent = AgentSetup.agent(AgentSetup.read(Path.of(args[0])));
        long rows = Long.parseLong(args[1]);
        try (DataDirectory directory = claim(agent);
                Journal journal = Journals.open(directory, agent.journal(), Clock.systemUTC())) {
            long before = journal.durableTail().sequence();
            List<Pipeline> idle =
                    idle(agent, directory, journal, Set.copyOf(List.of(args).subList(2, args.length)));
            RateMeter meter = new RateMeter(rows);
            Capture capture = start(agent, journal, (table, events) -> meter.add(events));
            meter.awaitAll(() -> {
                check(capture);
                idle.forEach(OurPipeline::check);
            });
            // The last part of a transaction is there, but its end may be still to come.
            Await.until("everything is readable", CLOSE, () -> {
                JournalStatus status = journal.status();
                return status.readableSequence() == status.durableSequence();
            });
            long idleCpu = OurPipeline.cpuNanos(List.copyOf(List.of(args).subList(2, args.length)));
            capture.close(CLOSE);
            idle.forEach(pipeline -> pipeline.close(CLOSE));
            Map<String, Double> figures = meter.figures();
            figures.put("idle_cpu", idleCpu / 1e3 / rows);
            figures.putAll(contents(journal, before));
            Child.done(new Figures(figures));
        }
    }

    private static List<Pipeline> idle(
            AgentConfiguration agent, DataDirectory directory, Journal journal, Set<String> names)
            throws JournalException {
        List<Pipeline> pipelines = new ArrayList<>();
        for (SinkConfiguration sink : agent.sinks()) {
            if (names.contains(sink.name())) {
                pipelines.add(OurPipeline.start(agent, sink, directory, journal, new PipelineListener() {}));
            }
        }
        return pipelines;
    }

    /** Lets an agent find its place in the source, in front of what is written afterwards. */
    static void mark(Path configuration) throws Exception {
        AgentConfiguration agent = AgentSetup.agent(AgentSetup.read(configuration));
        try (DataDirectory directory = claim(agent);
                Journal journal = Journals.open(directory, agent.journal(), Clock.systemUTC())) {
            Capture capture = start(agent, journal, (table, events) -> {});
            Await.until("a first place in the source", Duration.ofSeconds(60), () -> {
                check(capture);
                return capture.status().state() == CaptureStatus.State.STREAMING
                        && journal.durableTail().offset().isPresent();
            });
            capture.close(CLOSE);
        }
    }

    private static DataDirectory claim(AgentConfiguration agent) throws JournalException {
        return DataDirectory.claim(agent.dataDirectory(), Clock.systemUTC().instant());
    }

    private static Capture start(AgentConfiguration agent, Journal journal, CaptureListener listener) {
        Capture capture = new Capture(agent.source(), journal, listener, Clock.systemUTC());
        capture.start();
        return capture;
    }

    private static void check(Capture capture) {
        CaptureStatus status = capture.status();
        if (status.state() == CaptureStatus.State.HALTED) {
            throw new IllegalStateException("the capture halted: " + status.lastError());
        }
    }

    /** The ground truth: what a reader finds in the journal. {@code journaled} events, {@code bytes} an event. */
    private static Map<String, Double> contents(Journal journal, long after) throws JournalException {
        long events = 0;
        long bytes = 0;
        try (JournalReader reader = journal.reader(after, table -> true)) {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                for (Transaction transaction : frame.transactions()) {
                    events += transaction.events().size();
                }
                bytes += frame.transactions().isEmpty() ? 0 : frame.bytes();
            }
        }
        return Map.of("journaled", (double) events, "bytes", (double) bytes / Math.max(1, events));
    }
}
