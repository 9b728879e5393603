package dev.tailrace.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all mappings of one file share.
 *
 * @param problems where they report
 * @param references what replaces references in their values
 * @param rows what was read, by path, in the order of reading
 */
record SettingsContext(
        ConfigurationProblems problems, References references, Map<String, EffectiveConfiguration.Entry> rows) {

    SettingsContext(ConfigurationProblems problems, References references) {
        this(problems, references, new LinkedHashMap<>());
    }
}
