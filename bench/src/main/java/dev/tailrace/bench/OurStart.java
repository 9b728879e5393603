package dev.tailrace.bench;

import dev.tailrace.agent.Agent;
import dev.tailrace.agent.Timing;
import dev.tailrace.config.Configuration;
import dev.tailrace.lifecycle.StopSignal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The whole agent, from the start of this process until its file sink has written something. {@code OurStart CONFIGURATION
 * ARCHIVE}.
 */
final class OurStart {
    private static final Duration LOOK = Duration.ofMillis(5);

    private OurStart() {}

    public static void main(String[] args) {
        Child.run(() -> {
            Path archive = Path.of(args[1]);
            long before = bytes(archive);
            Configuration configuration = AgentSetup.read(Path.of(args[0]));
            Agent agent = new Agent(AgentSetup.agent(configuration), Clock.systemUTC(), Timing.STANDARD);
            agent.start(configuration.effective());
            StopSignal never = new StopSignal();
            while (bytes(archive) <= before) {
                never.pause(LOOK);
            }
            double start = ManagementFactory.getRuntimeMXBean().getUptime();
            Child.done(new Figures(Map.of("start", start)));
        });
    }

    /** Of the files with events, which only grow while nothing is rotated. */
    private static long bytes(Path archive) throws IOException {
        if (!Files.exists(archive)) {
            return 0;
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(archive)) {
            files = found.filter(file -> file.getFileName().toString().contains(".jsonl"))
                    .toList();
        }
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
