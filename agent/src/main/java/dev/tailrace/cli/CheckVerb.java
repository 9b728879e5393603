package dev.tailrace.cli;

import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.Preflight;
import dev.tailrace.config.Finding;
import dev.tailrace.config.FindingReport;
import java.util.ArrayList;
import java.util.List;

/** {@code tailrace check}: everything an operator has to mend before {@code run}, at once. */
final class CheckVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    private record Result(String configuration, boolean ok, List<String> passed, List<Finding> findings) {}

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String summary() {
        return "check the configuration, the source and the sinks; change nothing";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace check [-c FILE] [--json]

                Reads the configuration, then looks at the data directory, the source and every sink. Prints
                all findings with what mends them, often a statement to run. Changes nothing.

                  -c FILE  the configuration; default /etc/tailrace/tailrace.yaml
                  --json   {"configuration","ok","passed":[],"findings":[{"code","subject","message",
                           "remedy","severity": "warning | transient | fatal"}]}

                Exit codes: 0 nothing but warnings; 2 the configuration is invalid; 3 findings.

                Example:
                  tailrace check -c /etc/tailrace/tailrace.yaml
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        ConfigurationFile file = ConfigurationFile.read(options);
        List<Finding> findings = new ArrayList<>(file.findings());
        List<String> passed = new ArrayList<>();
        int failure = ExitCode.CONFIGURATION;
        if (!failing(findings)) {
            passed.add("configuration " + file.path());
            failure = ExitCode.PREFLIGHT;
            for (Preflight.Part part : Preflight.of(file.agent())) {
                List<Finding> found = part.check();
                findings.addAll(found);
                if (!failing(found)) {
                    passed.add(part.subject());
                }
            }
        }
        boolean ok = !failing(findings);
        if (options.json) {
            terminal.out().println(StatusJson.pretty(new Result(file.path().toString(), ok, passed, findings)));
        } else {
            passed.forEach(subject -> terminal.out().println("OK  " + subject));
            if (!findings.isEmpty()) {
                terminal.out().print((passed.isEmpty() ? "" : "\n") + FindingReport.of(findings));
            }
            terminal.out().println("\n" + verdict(file, findings, failure));
        }
        return ok ? ExitCode.DONE : failure;
    }

    private static String verdict(ConfigurationFile file, List<Finding> findings, int failure) {
        int wrong = (int) findings.stream()
                .filter(f -> f.severity() != Finding.Severity.WARNING)
                .count();
        if (wrong == 0) {
            return "ready to run" + (findings.isEmpty() ? "" : ", with warnings");
        }
        return failure == ExitCode.CONFIGURATION
                ? "the configuration " + file.path() + " has " + ConfigurationFile.count(wrong, "problem")
                        + "; source and sinks were not looked at"
                : ConfigurationFile.count(wrong, "finding") + " to mend";
    }

    private static boolean failing(List<Finding> findings) {
        return findings.stream().anyMatch(f -> f.severity() != Finding.Severity.WARNING);
    }
}
