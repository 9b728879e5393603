package dev.tailrace.sink;

import dev.tailrace.config.DataSize;
import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings from a map of texts, numbers, lists and maps, for tests of one sink. Collects the problems. */
public final class MapSettings implements Settings {
    private final String path;
    private final Map<String, ?> values;
    private final List<String> problems;
    private final Set<String> read = new HashSet<>();

    public MapSettings(Map<String, ?> values) {
        this("", values, new ArrayList<>());
    }

    private MapSettings(String path, Map<String, ?> values, List<String> problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    /** Each as {@code key: message}. */
    public List<String> problems() {
        return problems;
    }

    /** The keys given that nothing has read. */
    public Set<String> unknown() {
        Set<String> unknown = new HashSet<>(values.keySet());
        unknown.removeAll(read);
        return unknown;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public boolean has(String key) {
        return values.containsKey(key);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public String text(String key) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty() || text.get().isBlank()) {
            problem(key, "is missing");
            return "";
        }
        return text.get();
    }

    @Override
    public String text(String key, String defaultValue) {
        return optionalText(key).orElse(defaultValue);
    }

    @Override
    public Optional<String> optionalText(String key) {
        read.add(key);
        return Optional.ofNullable(values.get(key)).map(Object::toString);
    }

    @Override
    public String choice(String key, String defaultValue, List<String> allowed) {
        String text = text(key, defaultValue);
        if (!allowed.contains(text)) {
            problem(key, "is none of " + allowed);
            return defaultValue;
        }
        return text;
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return optionalText(key).map(Boolean::parseBoolean).orElse(defaultValue);
    }

    @Override
    public int number(String key, int defaultValue, int minimum, int maximum) {
        int number = optionalText(key).map(Integer::parseInt).orElse(defaultValue);
        return inRange(key, number, minimum, maximum) ? number : defaultValue;
    }

    @Override
    public Duration duration(String key, Duration defaultValue, Duration minimum, Duration maximum) {
        Duration duration = optionalText(key)
                .map(t -> Duration.parse(t.endsWith("ms") ? "PT" + millis(t) + "S" : "PT" + t))
                .orElse(defaultValue);
        return inRange(key, duration, minimum, maximum) ? duration : defaultValue;
    }

    private static String millis(String text) {
        return java.math.BigDecimal.valueOf(Long.parseLong(text.substring(0, text.length() - 2)), 3)
                .toPlainString();
    }

    @Override
    public DataSize size(String key, DataSize defaultValue, DataSize minimum, DataSize maximum) {
        DataSize size = optionalText(key).map(DataSize::parse).orElse(defaultValue);
        return inRange(key, size, minimum, maximum) ? size : defaultValue;
    }

    private <T extends Comparable<T>> boolean inRange(String key, T value, T minimum, T maximum) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            problem(key, "is not between " + minimum + " and " + maximum);
            return false;
        }
        return true;
    }

    @Override
    public List<String> texts(String key, List<String> defaultValue) {
        read.add(key);
        Object value = values.get(key);
        return value == null
                ? defaultValue
                : value instanceof List<?> list
                        ? list.stream().map(Object::toString).toList()
                        : List.of(value.toString());
    }

    @Override
    public Optional<Secret> secret(String key) {
        return optionalText(key).map(Secret::new);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Settings nested(String key) {
        read.add(key);
        Object value = values.get(key);
        return new MapSettings(below(key), value == null ? Map.of() : (Map<String, ?>) value, problems);
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<Settings> list(String key) {
        read.add(key);
        List<Settings> result = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object element : list) {
                result.add(new MapSettings(below(key) + "[" + result.size() + "]", (Map<String, ?>) element, problems));
            }
        }
        return result;
    }

    @Override
    public Map<String, String> passThrough(String key) {
        read.add(key);
        Map<String, String> result = new LinkedHashMap<>();
        if (values.get(key) instanceof Map<?, ?> map) {
            map.forEach((k, v) -> result.put(k.toString(), v.toString()));
        }
        return result;
    }

    @Override
    public void problem(String key, String message) {
        problems.add(below(key) + ": " + message);
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
