package dev.tailrace.cli;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.ConfigurationReader;
import dev.tailrace.config.Finding;
import dev.tailrace.config.FindingReport;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration file of this call, read and checked.
 *
 * @param path where it was found
 * @param configuration for the values in effect
 * @param agent valid when {@code findings} is empty
 */
record ConfigurationFile(Path path, Configuration configuration, AgentConfiguration agent, List<Finding> findings) {
    private static final Path INSTALLED = Path.of("/etc/tailrace/tailrace.yaml");

    /** Reads the file that {@code -c} names, or the first that exists of the usual places. */
    static ConfigurationFile read(VerbOptions options) throws Failure {
        Path path = find(options);
        Configuration configuration = ConfigurationReader.ofProcess().read(path);
        // Of a file that is no YAML mapping only that is worth saying, not that every key is missing.
        List<Finding> unreadable = configuration.isReadable() ? List.of() : configuration.findings();
        AgentConfiguration agent = AgentConfiguration.read(configuration);
        return new ConfigurationFile(
                path, configuration, agent, configuration.isReadable() ? configuration.findings() : unreadable);
    }

    /** For verbs that cannot do anything with an invalid file: prints all problems and fails with 2. */
    static ConfigurationFile valid(VerbOptions options, Terminal terminal) throws Failure {
        ConfigurationFile file = read(options);
        if (file.findings.stream().anyMatch(f -> f.severity() != Finding.Severity.WARNING)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "CONFIG",
                    "the configuration " + file.path + " has " + count(file.findings.size(), "problem") + ":\n"
                            + FindingReport.of(file.findings).stripTrailing(),
                    "",
                    null);
        }
        return file;
    }

    /** The journal in its data directory; fails with 1 when there is none. */
    JournalInspector journal() throws Failure, JournalException {
        return JournalInspector.open(agent.dataDirectory())
                .orElseThrow(() -> new Failure(
                        ExitCode.FAILED,
                        "JOURNAL-MISSING",
                        "there is no journal in " + agent.dataDirectory() + " yet",
                        "It is created by the first start of the agent.",
                        null));
    }

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static Path find(VerbOptions options) throws Failure {
        if (options.config != null) {
            return Path.of(options.config);
        }
        if (Files.exists(INSTALLED)) {
            return INSTALLED;
        }
        String home = System.getProperty("tailrace.home");
        if (home != null) {
            Path beside = Path.of(home, "conf", "tailrace.yaml");
            if (Files.exists(beside)) {
                return beside;
            }
        }
        throw new Failure(
                ExitCode.CONFIGURATION,
                "CONFIG-FILE",
                "there is no configuration at " + INSTALLED + (home == null ? "" : " nor in " + home + "/conf"),
                "Name the file with -c FILE.",
                null);
    }
}
