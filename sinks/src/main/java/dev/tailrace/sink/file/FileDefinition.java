package dev.tailrace.sink.file;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A configured file sink. */
record FileDefinition(FileSettings settings, Disk disk, Clock clock) implements SinkFactory.Definition {

    @Override
    public Sink create() {
        return new FileSink(settings, disk, clock);
    }

    @Override
    public boolean transactional() {
        return true;
    }

    @Override
    public List<Finding> preflight(SinkContext context) {
        Path root = context.dataDirectory().resolve(settings.directory()).toAbsolutePath();
        String subject = "sink " + context.sink();
        Path existing = root;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            return List.of(new Finding(
                    "FILE-DIRECTORY",
                    subject,
                    existing.equals(root)
                            ? root + " is not a directory that this user may write"
                            : root + " does not exist and cannot be created in " + existing,
                    "Run: install -d -o <user of the agent> " + root,
                    Severity.FATAL));
        }
        try {
            Directory directory = new Directory(disk, root);
            return FileSink.refusal(directory, directory.state(), context)
                    // An agent that only checks has no epoch of its own yet.
                    .filter(refused -> !refused.code().equals("FILE-FENCED"))
                    .map(refused -> List.of(finding(subject, refused)))
                    .orElse(List.of());
        } catch (SinkException e) {
            return List.of(finding(subject, e));
        } catch (IOException e) {
            return List.of(new Finding(
                    "FILE-IO", subject, root + " cannot be read: " + e.getMessage(), "", Severity.TRANSIENT));
        }
    }

    private static Finding finding(String subject, SinkException refused) {
        return new Finding(
                refused.code(), subject, String.valueOf(refused.getMessage()), refused.remedy(), Severity.FATAL);
    }

    @Override
    public String toString() {
        return "file sink in " + settings.directory();
    }
}
