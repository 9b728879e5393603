package dev.tailrace.sink.jdbc;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import dev.tailrace.sink.ErrorRules;
import dev.tailrace.sink.SchemaDesk;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.jdbc.JdbcSettings.Mode;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes sinks of type {@code jdbc}: tables of a relational database: PostgreSQL, MySQL, MariaDB, SQLite, H2. */
public final class JdbcSinkFactory implements SinkFactory {
    private final BulkLoads.Limits loads;

    /** The agent finds the factory as a service. */
    public JdbcSinkFactory() {
        this(BulkLoads.Limits.STANDARD);
    }

    JdbcSinkFactory(BulkLoads.Limits loads) {
        this.loads = loads;
    }

    @Override
    public String type() {
        return "jdbc";
    }

    @Override
    public Definition configure(Settings settings) {
        String url = settings.text("url");
        Optional<Dialect> dialect = Dialects.of(url);
        if (dialect.isEmpty() && !url.isEmpty()) {
            settings.problem(
                    "url",
                    "is not a database that this version writes to; it begins with "
                            + Dialects.ALL.stream()
                                    .flatMap(d -> d.urlPrefixes().stream())
                                    .collect(Collectors.joining(", "))
                            + " such as jdbc:postgresql://127.0.0.1:5432/warehouse");
        }
        Optional<String> user = settings.optionalText("user");
        Optional<Secret> password = settings.secret("password");
        boolean append =
                settings.choice("mode", "upsert", List.of("upsert", "append")).equals("append");
        JdbcSettings made = new JdbcSettings(
                url,
                user,
                password,
                template(settings, dialect.orElse(Dialects.ALL.get(0)).defaultTarget()),
                append ? Mode.APPEND : Mode.UPSERT,
                settings.flag("create-tables", true),
                settings.duration(
                        "statement-timeout", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofHours(24)),
                settings.duration(
                        "connect-timeout", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(10)),
                settings.optionalText("checkpoint-schema"),
                semantics(settings, append),
                SchemaPolicy.read(settings.nested("schema-changes")),
                ErrorRules.read(settings, "[0-9A-Z]{2}|[0-9A-Z]{5}|[1-9][0-9]{2,8}", "23514, 23 or 1265"));
        return new JdbcDefinition(made, dialect, loads);
    }

    private static TableSemantics semantics(Settings settings, boolean append) {
        boolean fullRows = settings.choice("without-key", "refuse", List.of("refuse", "full-row"))
                .equals("full-row");
        boolean mark =
                settings.choice("deletes", "apply", List.of("apply", "mark")).equals("mark");
        String column = settings.text("deleted-column", "tailrace_deleted_at");
        if (mark && append) {
            settings.problem("deletes", "is for mode upsert; a history keeps every deletion anyway");
        } else if (mark && fullRows) {
            settings.problem("deletes", "does not go with without-key: full-row; of equal rows none can be marked");
        }
        return new TableSemantics(fullRows, mark ? Optional.of(column) : Optional.empty(), names(settings));
    }

    private static Map<String, TargetName> names(Settings settings) {
        Map<String, TargetName> names = new LinkedHashMap<>();
        Map<TargetName, String> sources = new HashMap<>();
        settings.passThrough("rename").forEach((source, target) -> {
            String[] parts = target.split("\\.", -1);
            if (parts.length > 2 || Stream.of(parts).anyMatch(String::isBlank)) {
                settings.nested("rename").problem(source, "is not a table or schema.table");
                return;
            }
            TargetName name =
                    parts.length == 1 ? new TargetName(Optional.empty(), parts[0]) : TargetName.of(parts[0], parts[1]);
            String other = sources.putIfAbsent(name, source);
            if (other != null) {
                settings.nested("rename").problem(source, "is the target of " + other + " too");
            }
            names.put(source, name);
        });
        return names;
    }

    private static TargetTemplate template(Settings settings, String byDefault) {
        try {
            return TargetTemplate.parse(settings.text("target", byDefault));
        } catch (IllegalArgumentException e) {
            settings.problem("target", String.valueOf(e.getMessage()));
            return TargetTemplate.parse(byDefault);
        }
    }

    record JdbcDefinition(JdbcSettings settings, Optional<Dialect> dialect, BulkLoads.Limits loads)
            implements Definition {

        @Override
        public Sink create() {
            return new JdbcSink(settings, required(), loads);
        }

        @Override
        public boolean transactional() {
            return true;
        }

        @Override
        public boolean combines() {
            return settings.mode() == Mode.UPSERT;
        }

        @Override
        public List<Finding> preflight(SinkContext context) {
            return new JdbcPreflight(settings, required()).look(context);
        }

        @Override
        public Optional<SchemaDesk> schemaDesk(SinkContext context) {
            return Optional.of(new JdbcSchemaDesk(settings, required(), context));
        }

        private Dialect required() {
            return dialect.orElseThrow(() -> new IllegalStateException("the sink's url was refused"));
        }
    }
}
