package dev.tailrace.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an agent's log may say: at WARN and ERROR only what a disturbance of that moment explains, and never a stack trace.
 * One thread.
 */
final class LogWatch {
    /** A retry after the longest back-off may still meet what was healed, and a lost connection is noticed after minutes. */
    private static final Duration AFTERWARDS = Duration.ofMinutes(3);

    /** The log has milliseconds, and the time of a file's change is coarser. */
    private static final Duration BLUR = Duration.ofMillis(20);

    private static final Pattern HEAD =
            Pattern.compile("(\\S+Z) (TRACE|DEBUG|INFO|WARN|ERROR) +\\[.*?\\] \\S+ *: (.*)");
    private static final Pattern TRACE =
            Pattern.compile("\\s+at \\S+\\(.*\\)|\\s*(Caused by|Suppressed): .*|[\\w.$]+(Exception|Error)\\b.*");

    private final Instant started = Instant.now();
    private final List<Expectation> expectations = new ArrayList<>();

    /** From its making to some time after its end. */
    static final class Expectation {
        private final List<String> texts;
        private final Instant begin = Instant.now();
        private Instant end = Instant.MAX;

        private Expectation(List<String> texts) {
            this.texts = texts;
        }

        void end() {
            end = Instant.now().plus(AFTERWARDS);
        }

        boolean explains(Instant when, String message) {
            return !when.isBefore(begin.minus(BLUR))
                    && !when.isAfter(end)
                    && texts.stream().anyMatch(message::contains);
        }
    }

    Expectation expect(List<String> texts) {
        Expectation expectation = new Expectation(texts);
        expectations.add(expectation);
        return expectation;
    }

    /** Every line of the logs in that directory that nothing explains. */
    List<String> unexpected(Path logs) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".err")) {
                    readErrors(
                            name, lines(file), Files.getLastModifiedTime(file).toInstant(), found);
                } else {
                    read(name, lines(file), found);
                }
            }
        }
        return found;
    }

    /** Without what a killed process could not write to its end. */
    private static List<String> lines(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private void read(String name, List<String> lines, List<String> found) {
        for (String line : lines) {
            Matcher head = HEAD.matcher(line);
            if (head.matches() ? isTrouble(head) : TRACE.matcher(line).matches()) {
                found.add(name + ": " + line);
            }
        }
    }

    /** Nothing, but why a start was given up: a line with the code, and indented what to do. */
    private void readErrors(String name, List<String> lines, Instant when, List<String> found) {
        boolean explained = false;
        for (String line : lines) {
            boolean continues = explained && line.startsWith("  ");
            explained = continues || isExplained(when, line);
            if (!explained) {
                found.add(name + ": " + line);
            }
        }
    }

    private boolean isTrouble(Matcher head) {
        String level = head.group(2);
        Instant when = told(Instant.parse(head.group(1)));
        return (level.equals("WARN") || level.equals("ERROR")) && !isExplained(when, head.group(3));
    }

    /** By this process's clock: the agent's may have been set, by an hour. */
    private Instant told(Instant when) {
        Duration hour = AgentClock.FAR;
        if (when.isAfter(Instant.now().plus(hour.dividedBy(2)))) {
            return when.minus(hour);
        }
        return when.isBefore(started.minus(hour.dividedBy(2))) ? when.plus(hour) : when;
    }

    private boolean isExplained(Instant when, String message) {
        return expectations.stream().anyMatch(each -> each.explains(when, message));
    }
}
