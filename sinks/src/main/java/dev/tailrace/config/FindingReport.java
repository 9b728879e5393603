package dev.tailrace.config;

import java.util.List;

/** Findings as an operator reads them: numbered, one a line, the remedy below. */
public final class FindingReport {
    private FindingReport() {}

    /** Empty text when there are none; else every line ends with a line feed. */
    public static String of(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Finding finding : findings) {
            number++;
            text.append(number).append(") ").append(finding.subject());
            text.append(finding.subject().isEmpty() ? "" : ": ").append(finding.message());
            text.append(" [").append(finding.code());
            text.append(finding.severity() == Finding.Severity.WARNING ? ", warning]\n" : "]\n");
            finding.remedy()
                    .lines()
                    .forEach(line -> text.append("   ").append(line).append('\n'));
        }
        return text.toString();
    }
}
