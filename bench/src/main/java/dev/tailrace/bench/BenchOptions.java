package dev.tailrace.bench;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The command line of {@code scripts/bench}. */
final class BenchOptions {
    private static final int QUICK_ROWS = 100_000;

    @Parameter(description = "[NAME...]")
    List<String> names = new ArrayList<>();

    @Parameter(names = "--rows", description = "rows to measure with; each measure has its own default")
    long rows;

    @Parameter(names = "--runs", description = "runs a side; medians are taken over them")
    int runs;

    @Parameter(names = "--quick", description = "few rows and one run: shows that everything works, measures nothing")
    boolean quick;

    @Parameter(names = "--source", description = "capture: what the changes are captured from, postgres or mysql")
    String source = "postgres";

    @Parameter(names = "--postgres", description = "NAME=VALUE, a setting of the PostgreSQL server; any number of them")
    List<String> postgres = new ArrayList<>();

    @Parameter(names = "--transactions", description = "capture: rows a transaction, any number of them")
    List<Long> transactions = List.of(1L, 10L, 1_000L, 1_000_000L);

    @Parameter(names = "--rates", description = "latency: transactions a second, any number of them")
    List<Integer> rates = List.of(100, 1_000);

    @Parameter(
            names = "--profile",
            description = "records every run of ours with the flight recorder into this directory")
    @Nullable
    Path profile;

    @Parameter(names = "--output", description = "file that JSON lines are appended to")
    Path output = Path.of(System.getProperty("tailrace.house", "."), "bench", "target", "bench.jsonl");

    @Parameter(names = "--directory", description = "for servers and journals; must not exist; default a temporary one")
    @Nullable
    Path directory;

    @Parameter(names = "--help", help = true, description = "this text")
    boolean help;

    /** All problems of the arguments that JCommander cannot see. */
    void check(Collection<String> known) {
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            if (!known.contains(name)) {
                problems.add("no measure is named " + name + "; there are " + String.join(", ", known));
            }
        }
        if (rates.stream().anyMatch(rate -> rate < 1)) {
            problems.add("--rates are positive numbers");
        }
        if (rows < 0 || runs < 0) {
            problems.add("--rows and --runs are positive numbers");
        }
        if (!LoggedSource.TYPES.contains(source)) {
            problems.add("--source " + source + " is not known; there is " + String.join(", ", LoggedSource.TYPES));
        } else if (!source.equals("postgres")) {
            names(known).stream()
                    .filter(name -> known.contains(name) && !name.equals("capture"))
                    .forEach(name -> problems.add(
                            name + " is measured with --source postgres only; name capture, which knows " + source));
        }
        if (!postgres.isEmpty() && !source.equals("postgres")) {
            problems.add("--postgres is for --source postgres");
        }
        for (String setting : postgres) {
            if (!setting.matches("[a-z_.]+=.+")) {
                problems.add("--postgres " + setting + " is not NAME=VALUE");
            }
        }
        if (!problems.isEmpty()) {
            throw new ParameterException(String.join(System.lineSeparator(), problems));
        }
    }

    List<String> names(Collection<String> all) {
        return names.isEmpty() ? List.copyOf(all) : names;
    }

    /** What {@code --postgres} says, by name. */
    SortedMap<String, String> serverSettings() {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String setting : postgres) {
            String[] parts = setting.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        return settings;
    }

    long rows(long standard) {
        return rows > 0 ? rows : quick ? Math.min(standard, QUICK_ROWS) : standard;
    }

    /** A number of something else than rows: few when it is only to be shown that everything works. */
    int quickOr(int standard, int few) {
        return quick ? few : standard;
    }

    int runs() {
        return runs > 0 ? runs : quick ? 1 : 3;
    }
}
