package dev.tailrace.cli;

import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.Version;
import java.util.List;

/** {@code tailrace version}. */
final class VersionVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    private record Versions(String tailrace, String java, String debezium, String chronicleQueue) {}

    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "print the versions of Tailrace and its parts";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace version [--json]

                  --json   {"tailrace","java","debezium","chronicle_queue"}

                Example:
                  tailrace version
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) {
        Version version = Version.current();
        if (options.json) {
            terminal.out()
                    .println(StatusJson.pretty(new Versions(
                            version.tailrace(), Version.java(), version.debezium(), version.chronicleQueue())));
        } else {
            terminal.out()
                    .print(Terminal.table(List.of(
                            List.of("tailrace", version.tailrace()),
                            List.of("java", Version.java()),
                            List.of("debezium", version.debezium()),
                            List.of("chronicle-queue", version.chronicleQueue()))));
        }
        return ExitCode.DONE;
    }
}
