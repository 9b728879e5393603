package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The configuration file of one run of ours: what an operator would write, with defaults for all that he may leave out. */
final class AgentSetup {
    private AgentSetup() {}

    /** One entry of {@code sinks} that is never opened: where only capture and journal are measured. */
    static String unusedSink(Path directory) {
        return fileSink(directory.resolve("unused"));
    }

    static String fileSink(Path directory) {
        return "  - {name: files, type: file, directory: \"" + directory + "\", format: jsonl}\n";
    }

    static String jdbcSink(String url, String user) {
        return "  - {name: target, type: jdbc, url: \"" + url + "\", user: " + user + ", password: unused-here}\n";
    }

    /**
     * Writes the file and returns its path.
     *
     * @param name of the agent, lower-case letters and digits
     */
    static Path write(Path directory, String name, LoggedSource source, String snapshot, String sinks)
            throws IOException {
        return write(directory, name, source, List.of(source.table()), snapshot, sinks);
    }

    /** @param tables globs of what is captured */
    static Path write(
            Path directory, String name, LoggedSource source, List<String> tables, String snapshot, String sinks)
            throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("tailrace.yaml");
        Files.writeString(
                file,
                "name: " + name + "\ndata-dir: \"" + directory.toAbsolutePath().resolve("data") + "\"\nsource:\n"
                        + source.agentSource() + "  tables: [\"" + String.join("\", \"", tables) + "\"]\n  snapshot: "
                        + snapshot
                        + "\nsinks:\n" + sinks + "admin: {listen: \"127.0.0.1:0\"}\n");
        return file;
    }

    static Configuration read(Path file) {
        return ConfigurationReader.ofProcess().read(file);
    }

    /** @throws IllegalStateException when there are findings */
    static AgentConfiguration agent(Configuration configuration) {
        AgentConfiguration agent = AgentConfiguration.read(configuration);
        if (!configuration.findings().isEmpty()) {
            throw new IllegalStateException(configuration.findings().toString());
        }
        return agent;
    }
}
