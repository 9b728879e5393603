package dev.tailrace.capture;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import dev.tailrace.event.TableId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The keys of the {@code source} mapping that every type of source has.
 *
 * @param type {@code postgres} or {@code mysql}
 * @param host of the source database
 * @param port of the source database
 * @param user with the rights that {@link SourceDefinition#preflight} checks
 * @param password of that user; empty when the server asks for none
 * @param tables globs of the form {@code schema.table} (MySQL: {@code database.table}): {@code *} any characters, {@code
 *     ?} one
 * @param snapshot whether the rows that exist at the first start are read
 * @param sslMode {@code disable}, {@code prefer}, {@code require}, {@code verify-ca} or {@code verify-full}
 * @param connectTimeout for one attempt to connect
 * @param debezium further options of the engine, none of which an invariant rests on
 */
public record SourceSettings(
        String type,
        String host,
        int port,
        String user,
        Secret password,
        List<String> tables,
        SnapshotMode snapshot,
        String sslMode,
        Duration connectTimeout,
        Map<String, String> debezium) {

    /** Whether and when the rows that exist already are read. */
    public enum SnapshotMode {
        /** Once, at the first start. */
        INITIAL,
        /** Never: only changes from the first start on. */
        NEVER,
        /** At the first start, and again when the source's log no longer covers what the journal lacks. */
        WHEN_NEEDED
    }

    public SourceSettings {
        tables = List.copyOf(tables);
        debezium = Map.copyOf(debezium);
    }

    /**
     * Reads the common keys; every problem is reported to the mapping.
     *
     * @param port when none is said
     * @param tables when none are said
     */
    public static SourceSettings read(Settings source, String type, int port, List<String> tables) {
        SourceSettings read = new SourceSettings(
                type,
                source.text("host", "127.0.0.1"),
                source.number("port", port, 1, 65535),
                source.text("user"),
                source.secret("password").orElse(new Secret("")),
                source.texts("tables", tables),
                SnapshotMode.valueOf(source.choice("snapshot", "initial", List.of("initial", "never", "when-needed"))
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')),
                source.choice(
                        "ssl-mode", "prefer", List.of("disable", "prefer", "require", "verify-ca", "verify-full")),
                source.duration(
                        "connect-timeout", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5)),
                source.passThrough("debezium"));
        read.reportProblems(source);
        return read;
    }

    private void reportProblems(Settings source) {
        if (tables.isEmpty()) {
            source.problem("tables", "names no table; write globs such as \"public.*\"");
        }
        for (String glob : tables) {
            if (glob.indexOf('.') < 1 || glob.endsWith(".") || glob.indexOf('\0') >= 0) {
                source.problem("tables", "\"" + glob + "\" is not of the form schema.table, such as \"public.*\"");
            }
        }
        for (String option : debezium.keySet()) {
            EngineOptions.refusal(option).ifPresent(why -> source.problem("debezium", option + " " + why));
        }
        EngineQueue.Limits.problem(debezium).ifPresent(why -> source.problem("debezium", why));
    }

    /** Whether the globs match a table. */
    public Predicate<TableId> wanted() {
        List<Pattern> patterns = tables.stream().map(SourceSettings::glob).toList();
        return table -> {
            String name = table.toString();
            return patterns.stream().anyMatch(glob -> glob.matcher(name).matches());
        };
    }

    /**
     * What is wrong with globs that match none of the tables there are, as some do when others match.
     *
     * @param matched the tables that any of them matches
     */
    public List<Finding> unmatched(Collection<TableId> matched) {
        return tables.stream()
                .filter(glob -> !matched.isEmpty()
                        && matched.stream()
                                .noneMatch(table ->
                                        glob(glob).matcher(table.toString()).matches()))
                .map(glob -> new Finding(
                        "SOURCE-GLOB-UNMATCHED",
                        "source",
                        "no table that user " + user + " sees matches \"" + glob + "\" in source.tables",
                        "mend the glob or grant what it means; a table of such a name that is made later is captured",
                        Finding.Severity.WARNING))
                .toList();
    }

    /** {@code *} any characters, {@code ?} one; everything else is itself. */
    private static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (char c : glob.toCharArray()) {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
