package dev.tailrace.agent;

import dev.tailrace.config.Finding;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import dev.tailrace.journal.Tail;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.SinkContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be looked at before a start without changing anything: data directory, source, every sink. */
public final class Preflight {
    private Preflight() {}

    /**
     * One thing to look at.
     *
     * @param subject as {@code check} shows it when it passes
     * @param findings looks, which may take as long as the connection's time-out
     */
    public record Part(String subject, Supplier<List<Finding>> findings) {

        /** What is wrong; what a check itself broke at is a finding too. */
        public List<Finding> check() {
            try {
                return findings.get();
            } catch (RuntimeException e) {
                return List.of(new Finding(
                        "AGENT-INTERNAL",
                        subject,
                        "the check failed: " + e,
                        "Report it with this message.",
                        Finding.Severity.FATAL));
            }
        }
    }

    /** In the order in which they are worth mending. */
    public static List<Part> of(AgentConfiguration configuration) {
        List<Part> parts = new ArrayList<>();
        Path directory = configuration.dataDirectory();
        parts.add(new Part("data-dir " + directory, () -> dataDirectory(directory)));
        Known known = known(directory);
        parts.add(new Part(
                "source " + configuration.source().description(),
                () -> configuration.source().preflight(known.tail)));
        for (SinkConfiguration sink : configuration.sinks()) {
            SinkContext context = new SinkContext(
                    configuration.name(),
                    sink.name(),
                    known.journal,
                    known.epoch,
                    "", // of a start, which this is not: nothing is taken over
                    directory.resolve("sinks").resolve(sink.name()),
                    known.schemas.stream()
                            .filter(schema -> sink.wanted().test(schema.table()))
                            .toList(),
                    FaultPoint.NONE);
            parts.add(new Part(
                    "sink " + sink.name() + " (" + sink.type() + ")",
                    () -> sink.definition().preflight(context)));
        }
        return parts;
    }

    private record Known(String journal, long epoch, Optional<Tail> tail, List<TableSchema> schemas) {
        static final Known NOTHING = new Known("", 0, Optional.empty(), List.of());
    }

    /** What an earlier run left; a journal that cannot be read is reported with the data directory. */
    private static Known known(Path directory) {
        try (JournalInspector inspector = JournalInspector.open(directory).orElse(null)) {
            if (inspector == null) {
                return Known.NOTHING;
            }
            JournalInspector.Info info = inspector.info();
            return new Known(info.id(), info.epoch(), Optional.of(info.tail()), info.schemas());
        } catch (JournalException e) {
            return Known.NOTHING;
        }
    }

    private static List<Finding> dataDirectory(Path directory) {
        Path existing = nearestExisting(directory);
        if (existing == null || !Files.isDirectory(existing)) {
            return List.of(fatal(directory, "JOURNAL-IO", existing + " is not a directory", "Correct data-dir."));
        }
        if (!Files.isWritable(existing)) {
            String user = System.getProperty("user.name", "the agent");
            return List.of(fatal(
                    directory,
                    "JOURNAL-READ-ONLY",
                    existing + " cannot be written by " + user,
                    "install -d -m 0700 -o " + user + " " + directory));
        }
        try {
            DataDirectory.examine(directory, existing);
            readJournal(directory);
            return List.of();
        } catch (JournalException e) {
            return List.of(fatal(directory, e.code(), String.valueOf(e.getMessage()), e.remedy()));
        }
    }

    private static void readJournal(Path directory) throws JournalException {
        try (JournalInspector inspector = JournalInspector.open(directory).orElse(null)) {
            if (inspector != null) {
                inspector.info();
            }
        }
    }

    private static @Nullable Path nearestExisting(Path directory) {
        Path path = directory;
        while (path != null && !Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }

    private static Finding fatal(Path directory, String code, String message, String remedy) {
        return new Finding(code, "data-dir " + directory, message, remedy, Finding.Severity.FATAL);
    }
}
