package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.lifecycle.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** Looks at the target's highest key until it is the last one expected: keys arrive in order. */
final class TargetWatch {
    private static final Duration LOOK = Duration.ofMillis(20);

    private TargetWatch() {}

    /**
     * Waits for all rows and tells at what rate they became visible, and the largest resident set of this process, {@code
     * rss} in megabytes; {@code total} is the rate since the start.
     *
     * @param start in the nanoseconds of this process
     */
    static Figures until(String url, long rows, long start) throws SQLException, InterruptedException, IOException {
        RateMeter meter = new RateMeter(rows);
        StopSignal never = new StopSignal();
        try (Connection connection = DriverManager.getConnection(url, EmbeddedServer.USER, "unused-here");
                PreparedStatement statement =
                        connection.prepareStatement("SELECT coalesce(max(id), 0) FROM public.orders")) {
            long seen = 0;
            while (seen < rows) {
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    long now = result.getLong(1);
                    if (now > seen) {
                        meter.add(now - seen);
                        seen = now;
                    }
                }
                never.pause(LOOK);
            }
        }
        Map<String, Double> figures = meter.figures();
        figures.put("total", rows * 1e9 / (System.nanoTime() - start));
        figures.put("rss", residentMegabytes());
        return new Figures(figures);
    }

    private static double residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status does not tell VmHWM");
    }
}
