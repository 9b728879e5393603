package dev.tailrace.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Places in a source's log, one for each run of each side, taken before the log is written that all of them read. */
final class Marks {
    /** As the product's engine polls. */
    private static final long POLL_MILLIS = 2;

    private final LoggedSource source;
    private final Path directory;
    private final List<String> agents = new ArrayList<>();
    private final List<String> engines = new ArrayList<>();

    /** @param directory for configurations, journals and offsets; made when missing */
    Marks(LoggedSource source, Path directory) throws IOException {
        this.source = source;
        this.directory = Files.createDirectories(directory);
    }

    /** Marks the place of one run of ours; returns the configuration to run with. */
    Path ours(String name, String sinks) throws Exception {
        return ours(name, List.of(source.table()), sinks);
    }

    /** @param tables globs of what is captured */
    Path ours(String name, List<String> tables, String sinks) throws Exception {
        Path configuration = AgentSetup.write(ours(name), name, source, tables, "never", sinks);
        agents.add(name);
        OurCapture.mark(configuration);
        return configuration;
    }

    /** Where that run of ours has its files. */
    Path ours(String name) {
        return directory.resolve(name);
    }

    /** Marks the place of one run of the stock engine; returns the file with its options. */
    Path engine(String name) throws Exception {
        return engine(name, POLL_MILLIS);
    }

    Path engine(String name, long pollMillis) throws Exception {
        Properties options = EngineRunner.tuned(
                source.engine(name), directory.resolve(name + ".offsets").toString(), pollMillis);
        source.mark(name, options);
        engines.add(name);
        Path file = directory.resolve(name + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            options.store(writer, null);
        }
        return file;
    }

    /** Gives the log free and removes the files. */
    void forget() throws Exception {
        source.forget(engines, agents);
        Scratch.delete(directory);
    }
}
