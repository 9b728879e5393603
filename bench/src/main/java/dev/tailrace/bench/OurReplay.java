package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.Journals;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineListener;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Our side of {@code replay}: the product's journal, pipeline and sink. What counts is committed at the target.
 *
 * <p>As a program: {@code OurReplay CONFIGURATION ROWS}.
 */
final class OurReplay {
    private OurReplay() {}

    public static void main(String[] args) throws Exception {
        AgentConfiguration agent = AgentSetup.agent(AgentSetup.read(Path.of(args[0])));
        PhasedMeter meter = new PhasedMeter(Long.parseLong(args[1]));
        Clock clock = Clock.systemUTC();
        SinkConfiguration sink = agent.sinks().get(0);
        try (DataDirectory directory = DataDirectory.claim(agent.dataDirectory(), clock.instant());
                Journal journal = Journals.open(directory, agent.journal(), clock)) {
            PipelineListener listener = new PipelineListener() {
                @Override
                public void applied(TableId table, int events, long lagMicros) {
                    meter.add(events);
                }
            };
            Pipeline pipeline = OurPipeline.start(agent, sink, directory, journal, listener);
            while (!meter.await(1)) {
                OurPipeline.check(pipeline);
            }
            pipeline.close(Duration.ofSeconds(10));
        }
        Child.done(meter.figures());
    }
}
