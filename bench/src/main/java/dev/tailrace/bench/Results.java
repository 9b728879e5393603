package dev.tailrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Comparisons as JSON lines in a file that only grows, and as a table. */
final class Results {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, String> serverSettings;

    /** @param serverSettings of the PostgreSQL server that are not those of every measure */
    Results(Path file, Map<String, String> serverSettings) {
        this.file = file;
        this.serverSettings = Map.copyOf(serverSettings);
    }

    void append(Comparison comparison) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(
                    file,
                    json(comparison, serverSettings) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(Comparison comparison, Map<String, String> serverSettings) {
        Spread ours = Spread.of(comparison.ours());
        Spread theirs = Spread.of(comparison.theirs());
        ObjectNode json = JSON.createObjectNode();
        json.put("name", comparison.name());
        json.put("ours", ours.median());
        json.put("anchor", comparison.anchor());
        json.put("theirs", theirs.median());
        json.put("ratio", comparison.ratio());
        json.put("unit", comparison.unit());
        json.put("rows", comparison.rows());
        json.put("runs", comparison.ours().size());
        json.put("ours_min", ours.min());
        json.put("ours_max", ours.max());
        json.put("theirs_min", theirs.min());
        json.put("theirs_max", theirs.max());
        Double control = comparison.controlRatio();
        if (control != null) {
            json.put("control_ratio", control);
        }
        json.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("cpus", Runtime.getRuntime().availableProcessors());
        if (!serverSettings.isEmpty()) {
            ObjectNode settings = json.putObject("postgres");
            new TreeMap<>(serverSettings).forEach(settings::put);
        }
        return json.toString();
    }

    static String table(List<Comparison> comparisons) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-24s %-28s %-28s %7s %7s  %s%n",
                "measure",
                "ours (min..max)",
                "theirs (min..max)",
                "ratio",
                "A/A",
                "unit, anchor"));
        for (Comparison comparison : comparisons) {
            Double control = comparison.controlRatio();
            table.append(String.format(
                    Locale.ROOT,
                    "%-24s %-28s %-28s %7.2f %7s  %s, %s%n",
                    comparison.name(),
                    text(Spread.of(comparison.ours())),
                    text(Spread.of(comparison.theirs())),
                    comparison.ratio(),
                    control == null ? "-" : String.format(Locale.ROOT, "%.2f", control),
                    comparison.unit(),
                    comparison.anchor()));
        }
        return table.toString();
    }

    private static String text(Spread spread) {
        return number(spread.median()) + " (" + number(spread.min()) + ".." + number(spread.max()) + ")";
    }

    private static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
