package dev.tailrace.bench;

import dev.tailrace.agent.Agent;
import dev.tailrace.agent.Timing;
import dev.tailrace.config.Configuration;
import java.nio.file.Path;
import java.time.Clock;

/** The whole agent, until the target has all rows. {@code OurAgent CONFIGURATION URL ROWS}. */
final class OurAgent {
    private OurAgent() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        Configuration configuration = AgentSetup.read(Path.of(args[0]));
        Agent agent = new Agent(AgentSetup.agent(configuration), Clock.systemUTC(), Timing.STANDARD);
        agent.start(configuration.effective());
        Child.done(TargetWatch.until(args[1], Long.parseLong(args[2]), start));
    }
}
