package dev.tailrace.agent;

import dev.tailrace.admin.AdminSettings;
import dev.tailrace.capture.SourceDefinition;
import dev.tailrace.capture.SourceFactory;
import dev.tailrace.capture.mysql.MySqlSourceFactory;
import dev.tailrace.capture.postgres.PostgresSourceFactory;
import dev.tailrace.config.Configuration;
import dev.tailrace.config.DataSize;
import dev.tailrace.config.Settings;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.pipeline.RejectSettings;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.view.SourceView;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * The whole configuration, typed. Only what has no findings may be used to start an agent.
 *
 * @param name of the agent: names the pipelines at the targets and, by default, the slot
 * @param dataDirectory absolute
 * @param sinks in the order of the file, at least one
 */
public record AgentConfiguration(
        String name,
        Path dataDirectory,
        SourceDefinition source,
        JournalSettings journal,
        List<SinkConfiguration> sinks,
        AdminSettings admin) {
    /** The kinds of sources there are; the first is the default. */
    private static final List<SourceFactory> SOURCES = List.of(new PostgresSourceFactory(), new MySqlSourceFactory());

    private static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

    public AgentConfiguration {
        sinks = List.copyOf(sinks);
    }

    /** Reads every key; what is wrong is found in {@link Configuration#findings} afterwards, all of it. */
    public static AgentConfiguration read(Configuration configuration) {
        Settings root = configuration.root();
        String name = root.text("name");
        if (!name.isEmpty() && !name.matches(NAME_FORM)) {
            root.problem("name", "is not 1 to 63 letters, digits, - and _, beginning with a letter or digit");
        }
        Path dataDirectory = dataDirectory(root, name);
        SourceDefinition source = source(root.nested("source"), name);
        JournalSettings journal = journal(root.nested("journal"));
        List<SinkConfiguration> sinks = sinks(root, source.settings().tables());
        AdminSettings admin = AdminSettings.read(root.nested("admin"));
        return new AgentConfiguration(name, dataDirectory, source, journal, sinks, admin);
    }

    private static SourceDefinition source(Settings source, String agentName) {
        String type = source.choice(
                "type",
                SOURCES.get(0).type(),
                SOURCES.stream().map(SourceFactory::type).toList());
        return SOURCES.stream()
                .filter(factory -> factory.type().equals(type))
                .findFirst()
                .orElse(SOURCES.get(0))
                .configure(source, agentName);
    }

    private static Path dataDirectory(Settings root, String name) {
        String text = root.text("data-dir", "/var/lib/tailrace/" + name);
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                root.problem("data-dir", "is not an absolute path: it would depend on where the agent is started");
            }
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            root.problem("data-dir", "is not a path: " + e.getReason());
            return Path.of("/");
        }
    }

    private static JournalSettings journal(Settings journal) {
        Duration retention = journal.duration("retention", Duration.ofDays(7), Duration.ZERO, Duration.ofDays(3650));
        DataSize maximum = journal.size(
                "max-size", DataSize.ofGibibytes(20), DataSize.ofMebibytes(64), DataSize.ofGibibytes(1 << 20));
        DataSize reserve = journal.size(
                "reserve", DataSize.ofGibibytes(1), DataSize.ofMebibytes(1), DataSize.ofGibibytes(1 << 20));
        // A file is deleted as a whole, so the budget has to hold several of them.
        long cycle = Math.min(DataSize.ofMebibytes(256).bytes(), maximum.bytes() / 8);
        return new JournalSettings(retention, maximum, reserve, new DataSize(cycle));
    }

    private static List<SinkConfiguration> sinks(Settings root, List<String> globs) {
        Map<String, SinkFactory> factories = new TreeMap<>();
        ServiceLoader.load(SinkFactory.class).forEach(factory -> factories.put(factory.type(), factory));
        TableGlobs captured = new TableGlobs(globs);
        List<SinkConfiguration> sinks = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        Map<Path, String> directories = new HashMap<>();
        for (Settings sink : root.list("sinks")) {
            String name = sink.text("name");
            if (!name.isEmpty()) {
                checkName(sink, name, names);
            }
            List<String> tables = tables(sink, captured);
            String type =
                    sink.has("type") ? sink.choice("type", "", List.copyOf(factories.keySet())) : sink.text("type");
            SinkFactory factory = factories.get(type);
            if (factory == null) {
                continue;
            }
            checkDirectory(sink, type, directories);
            checkView(sink, new TableGlobs(tables));
            sinks.add(new SinkConfiguration(name, type, tables, rejects(sink), SourceView.configure(factory, sink)));
        }
        if (root.list("sinks").isEmpty()) {
            root.problem("sinks", "names no sink; the agent would have nothing to deliver to");
        }
        return sinks;
    }

    private static RejectSettings rejects(Settings sink) {
        Map<String, RejectSettings.Policy> policies = new LinkedHashMap<>();
        for (RejectSettings.Policy policy : RejectSettings.Policy.values()) {
            policies.put(policy.name().toLowerCase(Locale.ROOT).replace('_', '-'), policy);
        }
        String policy = sink.choice("rejects", "park", List.copyOf(policies.keySet()));
        RejectSettings usual = RejectSettings.DEFAULT;
        int perMinute = sink.number("rejects-per-minute", usual.perMinute(), 1, 1_000_000);
        int most = sink.number("rejects-limit", usual.most(), 1, 1_000_000_000);
        boolean latest = sink.choice("supersede", "never", List.of("never", "latest-image"))
                .equals("latest-image");
        return new RejectSettings(policies.getOrDefault(policy, usual.policy()), perMinute, most, latest);
    }

    private static void checkName(Settings sink, String name, Map<String, String> names) {
        if (!name.matches(NAME_FORM)) {
            sink.problem("name", "is not 1 to 63 letters, digits, - and _, beginning with a letter or digit");
        }
        String other = names.putIfAbsent(name, sink.path());
        if (other != null) {
            sink.problem("name", "is the name of " + other + " too; a sink's checkpoint is kept under its name");
        }
    }

    private static List<String> tables(Settings sink, TableGlobs captured) {
        List<String> tables = sink.texts("tables", captured.globs());
        if (tables.isEmpty()) {
            sink.problem("tables", "names no table; leave the key out to get all that are captured");
        }
        for (String glob : tables) {
            if (!captured.overlaps(glob)) {
                sink.problem(
                        "tables",
                        "names \"" + glob + "\", but source.tables captures only "
                                + String.join(", ", captured.globs()));
            }
        }
        return tables;
    }

    /** A mask for a table that never comes here would hide a mistake in its name, and nothing else. */
    private static void checkView(Settings sink, TableGlobs tables) {
        for (String key : List.of("keys", "columns", "where")) {
            for (String table : sink.has(key) ? sink.nested(key).keys() : List.<String>of()) {
                if (!tables.overlaps(table)) {
                    sink.nested(key)
                            .problem(
                                    table,
                                    "names a table that this sink does not get: " + String.join(", ", tables.globs()));
                }
            }
        }
    }

    /** Two sinks that append to the same files would truncate each other's work at recovery. */
    private static void checkDirectory(Settings sink, String type, Map<Path, String> directories) {
        if (!type.equals("file") || !sink.has("directory")) {
            return;
        }
        try {
            Path directory =
                    Path.of(sink.text("directory", "")).toAbsolutePath().normalize();
            String other = directories.putIfAbsent(directory, sink.path());
            if (other != null) {
                sink.problem("directory", "is the directory of " + other + " too; give each file sink its own");
            }
        } catch (InvalidPathException e) {
            sink.problem("directory", "is not a path: " + e.getReason());
        }
    }
}
