package dev.tailrace.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One mapping of a YAML file. Values are read as they are written: what they mean is decided by who asks. */
final class YamlSettings implements Settings {
    private final String path;
    private final SettingsContext context;
    private final Map<String, Written> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> secret = new HashSet<>();
    private final Set<String> faulty = new HashSet<>();
    private final Map<String, List<YamlSettings>> children = new LinkedHashMap<>();

    private record Written(int line, Node value) {}

    private record Value(String text, int line, References.Expanded expanded) {
        String origin() {
            return expanded.origins().isEmpty()
                    ? "line " + line
                    : "line " + line + ", " + String.join(", ", expanded.origins());
        }
    }

    private YamlSettings(String path, @Nullable MappingNode mapping, SettingsContext context) {
        this.path = path;
        this.context = context;
        if (mapping != null) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    int line = key.getStartMark().getLine() + 1;
                    entries.putIfAbsent(key.getValue(), new Written(line, tuple.getValueNode()));
                }
            }
        }
    }

    static YamlSettings root(@Nullable MappingNode mapping, SettingsContext context) {
        return new YamlSettings("", mapping, context);
    }

    List<EffectiveConfiguration.Entry> rows() {
        return List.copyOf(context.rows().values());
    }

    /** The keys that nobody read. A mapping whose {@code type} is wrong is not judged: its keys are not known. */
    List<ConfigurationProblems.Located> unknownKeys() {
        List<ConfigurationProblems.Located> unknown = new ArrayList<>();
        if (!faulty.contains("type")) {
            entries.forEach((key, written) -> {
                if (!known.contains(key)) {
                    String remedy = Suggestion.among(known, key);
                    unknown.add(ConfigurationProblems.located(
                            ConfigurationProblems.UNKNOWN_KEY, at(key), written.line(), "is not a known key", remedy));
                }
            });
        }
        children.values().forEach(list -> list.forEach(child -> unknown.addAll(child.unknownKeys())));
        return unknown;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public boolean has(String key) {
        return entries.containsKey(key);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public String text(String key) {
        Value value = scalar(key);
        if (value == null) {
            missing(key);
            return "";
        }
        if (value.expanded().text().isBlank()) {
            fault(ConfigurationProblems.MISSING, key, "is empty, but a value is needed", "");
        }
        row(key, value, value.expanded().text());
        return value.expanded().text();
    }

    @Override
    public String text(String key, String defaultValue) {
        return typed(key, defaultValue, ValueForm.TEXT);
    }

    @Override
    public Optional<String> optionalText(String key) {
        Value value = scalar(key);
        if (value == null) {
            unset(key);
            return Optional.empty();
        }
        row(key, value, value.expanded().text());
        return Optional.of(value.expanded().text());
    }

    @Override
    public String choice(String key, String defaultValue, List<String> allowed) {
        return typed(key, defaultValue, ValueForm.choice(allowed));
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return typed(key, defaultValue, ValueForm.FLAG);
    }

    @Override
    public int number(String key, int defaultValue, int minimum, int maximum) {
        return typed(key, defaultValue, ValueForm.number(minimum, maximum));
    }

    @Override
    public Duration duration(String key, Duration defaultValue, Duration minimum, Duration maximum) {
        return typed(key, defaultValue, ValueForm.duration(minimum, maximum));
    }

    @Override
    public DataSize size(String key, DataSize defaultValue, DataSize minimum, DataSize maximum) {
        return typed(key, defaultValue, ValueForm.size(minimum, maximum));
    }

    @Override
    public List<String> texts(String key, List<String> defaultValue) {
        known.add(key);
        Written written = entries.get(key);
        if (written == null) {
            row(key, String.join(", ", defaultValue), "default");
            return defaultValue;
        }
        List<Node> nodes =
                written.value() instanceof SequenceNode sequence ? sequence.getValue() : List.of(written.value());
        List<String> texts = new ArrayList<>();
        for (Node node : nodes) {
            Value value = expand(key, written.line(), node);
            if (value == null) {
                return defaultValue;
            }
            texts.add(value.expanded().text());
        }
        row(key, Masking.url(String.join(", ", texts)), "line " + written.line());
        return List.copyOf(texts);
    }

    @Override
    public Optional<Secret> secret(String key) {
        secret.add(key);
        Value value = scalar(key);
        if (value == null) {
            unset(key);
            return Optional.empty();
        }
        if (value.expanded().text().isEmpty()) {
            fault(ConfigurationProblems.SECRET, key, "is empty", "set it, or take the key out");
        }
        row(key, Masking.MASK, value.origin());
        return Optional.of(new Secret(value.expanded().text()));
    }

    @Override
    public Settings nested(String key) {
        known.add(key);
        List<YamlSettings> before = children.get(key);
        if (before != null && !before.isEmpty()) {
            return before.get(0);
        }
        Written written = entries.get(key);
        MappingNode mapping = written != null && written.value() instanceof MappingNode node ? node : null;
        if (written != null && mapping == null && !isNull(written.value())) {
            fault(ConfigurationProblems.VALUE, key, "is " + kind(written.value()) + ", but keys belong below it", "");
        }
        YamlSettings nested = new YamlSettings(at(key), mapping, context);
        children.put(key, List.of(nested));
        return nested;
    }

    @Override
    public List<Settings> list(String key) {
        known.add(key);
        Written written = entries.get(key);
        if (written == null || isNull(written.value())) {
            return List.of();
        }
        if (!(written.value() instanceof SequenceNode sequence)) {
            String remedy = "begin each entry with a dash: - name: ...";
            fault(
                    ConfigurationProblems.VALUE,
                    key,
                    "is " + kind(written.value()) + ", but a list belongs here",
                    remedy);
            return List.of();
        }
        List<YamlSettings> before = children.computeIfAbsent(key, k -> mappings(k, sequence));
        return List.copyOf(before);
    }

    private List<YamlSettings> mappings(String key, SequenceNode sequence) {
        List<YamlSettings> list = new ArrayList<>();
        for (Node node : sequence.getValue()) {
            String place = key + "[" + list.size() + "]";
            MappingNode mapping = node instanceof MappingNode found ? found : null;
            if (mapping == null) {
                int line = node.getStartMark().getLine() + 1;
                String message = "is " + kind(node) + ", but a mapping of keys belongs here";
                context.problems().add(ConfigurationProblems.VALUE, at(place), line, message, "");
            }
            list.add(new YamlSettings(at(place), mapping, context));
        }
        return list;
    }

    @Override
    public Map<String, String> passThrough(String key) {
        YamlSettings nested = (YamlSettings) nested(key);
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : nested.entries.keySet()) {
            Value value = nested.scalar(name);
            if (value != null) {
                result.put(name, value.expanded().text());
                boolean referred = !value.expanded().origins().isEmpty();
                nested.row(name, referred ? Masking.MASK : nested.shown(name, value), value.origin());
            }
        }
        return result;
    }

    @Override
    public void problem(String key, String message) {
        known.add(key);
        Written written = entries.get(key);
        String quoted = written != null && written.value() instanceof ScalarNode node && !isNull(node)
                ? quoted(key, node.getValue())
                : "";
        fault(ConfigurationProblems.VALUE, key, quoted + message, "");
    }

    private <T> T typed(String key, T defaultValue, ValueForm<T> form) {
        Value value = scalar(key);
        if (value == null) {
            if (!faulty.contains(key)) {
                row(key, shown(key, form.format(defaultValue)), "default");
            }
            return defaultValue;
        }
        try {
            T parsed = form.parse(value.expanded().text());
            row(key, value, value.expanded().text());
            return parsed;
        } catch (IllegalArgumentException e) {
            fault(ConfigurationProblems.VALUE, key, quoted(key, value.text()) + e.getMessage(), "");
            return defaultValue;
        }
    }

    /** The key's single value with its references replaced; null when it is missing or wrong, which is then reported. */
    private @Nullable Value scalar(String key) {
        known.add(key);
        Written written = entries.get(key);
        return written == null ? null : expand(key, written.line(), written.value());
    }

    private @Nullable Value expand(String key, int line, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            fault(ConfigurationProblems.VALUE, key, "is " + kind(node) + ", but a single value belongs here", "");
            return null;
        }
        if (isNull(scalar)) {
            fault(ConfigurationProblems.MISSING, key, "has no value", "give it one, or take the key out");
            return null;
        }
        try {
            return new Value(scalar.getValue(), line, context.references().expand(scalar.getValue()));
        } catch (References.BadReference e) {
            fault(ConfigurationProblems.SECRET, key, String.valueOf(e.getMessage()), "");
            return null;
        }
    }

    private void missing(String key) {
        if (!faulty.contains(key)) {
            fault(ConfigurationProblems.MISSING, key, "is missing, and has no default", "");
        }
    }

    private void unset(String key) {
        if (!faulty.contains(key)) {
            row(key, "-", "default");
        }
    }

    private void fault(String code, String key, String message, String remedy) {
        faulty.add(key);
        Written written = entries.get(key);
        context.problems().add(code, at(key), written == null ? 0 : written.line(), message, remedy);
    }

    private void row(String key, Value value, String text) {
        row(key, value.expanded().fromFile() ? Masking.MASK : shown(key, text), value.origin());
    }

    private void row(String key, String shown, String origin) {
        context.rows().put(at(key), new EffectiveConfiguration.Entry(at(key), shown, origin));
    }

    private String shown(String key, Value value) {
        return shown(key, value.expanded().text());
    }

    private String shown(String key, String text) {
        return secret.contains(key) || Masking.namesSecret(key) ? Masking.MASK : Masking.url(text);
    }

    /** The bad value as it is written, so that what a reference stands for is not shown. */
    private String quoted(String key, String written) {
        String shown = shown(key, written);
        if (shown.equals(Masking.MASK)) {
            return "";
        }
        return "\"" + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown) + "\" ";
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && scalar.getValue().matches("|~|null|Null|NULL");
    }

    private static String kind(Node node) {
        return node instanceof MappingNode ? "a mapping" : node instanceof SequenceNode ? "a list" : "a single value";
    }
}
