package dev.tailrace.sink.file;

import dev.tailrace.config.DataSize;
import dev.tailrace.config.Settings;
import dev.tailrace.sink.SinkFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Sinks of type {@code file}. Keys: {@code directory}, {@code format} (jsonl), {@code split} (none, table), {@code
 * compression} (none, gzip), {@code rotate-size}, {@code rotate-rows}, {@code rotate-age}.
 */
public final class FileSinkFactory implements SinkFactory {
    private final Disk disk;
    private final Clock clock;

    public FileSinkFactory() {
        this(Disk.REAL, Clock.systemUTC());
    }

    FileSinkFactory(Disk disk, Clock clock) {
        this.disk = disk;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "file";
    }

    @Override
    public Definition configure(Settings settings) {
        settings.choice("format", "jsonl", List.of("jsonl"));
        FileSettings typed = new FileSettings(
                directory(settings),
                settings.choice("split", "none", List.of("none", "table")).equals("table"),
                settings.choice("compression", "none", List.of("none", "gzip")).equals("gzip"),
                settings.size("rotate-size", DataSize.ofMebibytes(64), new DataSize(1024), DataSize.ofGibibytes(1024))
                        .bytes(),
                settings.number("rotate-rows", 1_000_000, 1, 1_000_000_000),
                settings.duration("rotate-age", Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofDays(366)));
        return new FileDefinition(typed, disk, clock);
    }

    private static Path directory(Settings settings) {
        try {
            return Path.of(settings.text("directory"));
        } catch (InvalidPathException e) {
            settings.problem("directory", "is not a path");
            return Path.of("");
        }
    }
}
