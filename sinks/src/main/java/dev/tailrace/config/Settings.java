package dev.tailrace.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One mapping of the configuration (the root, {@code source}, one of {@code sinks} ...), read key by key.
 *
 * <p>Every read takes the key off the list of unknown ones and returns a usable value even when it reports a problem, so
 * that one pass finds them all. Not thread-safe; used at start only.
 */
public interface Settings {

    /** The path to this mapping, as problems show it: {@code sinks[0]}, or empty for the root. */
    String path();

    /** Whether the key is written in the file. */
    boolean has(String key);

    /** The keys as they are written, in their order: for mappings whose keys are names of the user's own. */
    List<String> keys();

    /** A required text; a problem and {@code ""} when it is missing or blank. */
    String text(String key);

    String text(String key, String defaultValue);

    Optional<String> optionalText(String key);

    /** One of the allowed words; anything else is a problem with a suggestion. */
    String choice(String key, String defaultValue, List<String> allowed);

    boolean flag(String key, boolean defaultValue);

    /** A whole number within the range, both ends included. */
    int number(String key, int defaultValue, int minimum, int maximum);

    /** A time such as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 7d}, within the range. */
    Duration duration(String key, Duration defaultValue, Duration minimum, Duration maximum);

    /** A size such as {@code 64MiB}, {@code 20GB}, within the range. */
    DataSize size(String key, DataSize defaultValue, DataSize minimum, DataSize maximum);

    /** A list of texts, or a single text. */
    List<String> texts(String key, List<String> defaultValue);

    /** A value that is never printed. */
    Optional<Secret> secret(String key);

    /** A nested mapping; empty settings when it is missing. */
    Settings nested(String key);

    /** A list of mappings. */
    List<Settings> list(String key);

    /** The keys as written, for pass-through mappings; reading them marks all as known. */
    java.util.Map<String, String> passThrough(String key);

    /** Reports a problem with the value of a key: what is wrong and what is allowed. */
    void problem(String key, String message);
}
