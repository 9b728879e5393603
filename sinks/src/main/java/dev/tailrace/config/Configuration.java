package dev.tailrace.config;

import java.util.List;

/**
 * One configuration file as far as it could be read: the settings, and everything that is wrong with them.
 *
 * <p>Read every key through {@link #root} first, then ask for {@link #findings} and {@link #effective}: keys that nobody
 * read are the unknown ones. Owned by one thread, at start.
 */
public final class Configuration {
    private final YamlSettings root;
    private final ConfigurationProblems problems;
    private final boolean readable;
    private final List<Finding> unreadable;

    Configuration(YamlSettings root, ConfigurationProblems problems, boolean readable) {
        this.root = root;
        this.problems = problems;
        this.readable = readable;
        this.unreadable = problems.all(); // what is reported later would only be missing because of it
    }

    /** The top mapping; empty when the file is not {@linkplain #isReadable() readable}. */
    public Settings root() {
        return root;
    }

    /** Whether the file is a YAML mapping at all. When it is not, {@link #findings} says why and reports nothing else. */
    public boolean isReadable() {
        return readable;
    }

    /** All problems in the order of the file, unknown keys included. Empty when the configuration is valid. */
    public List<Finding> findings() {
        return readable ? problems.with(root.unknownKeys()) : unreadable;
    }

    /** What is in effect: every key that was read, with its value, masked where it is secret, and its origin. */
    public EffectiveConfiguration effective() {
        return new EffectiveConfiguration(root.rows());
    }
}
