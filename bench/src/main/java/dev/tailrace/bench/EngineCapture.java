package dev.tailrace.bench;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The other side of {@code capture}: the stock engine with a consumer that only counts. {@code EngineCapture OPTIONS ROWS}.
 */
final class EngineCapture {
    private EngineCapture() {}

    public static void main(String[] args) {
        Child.run(() -> capture(args));
    }

    private static void capture(String[] args) throws Exception {
        Properties options = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
            options.load(reader);
        }
        RateMeter meter = new RateMeter(Long.parseLong(args[1]));
        EngineRunner.run(
                options,
                records -> meter.add(records.stream()
                        .filter(record -> EngineRunner.isChange(record.record()))
                        .count()));
        // The engine ends this process when it fails.
        meter.awaitAll(() -> {});
        Child.done(new Figures(meter.figures()));
    }
}
