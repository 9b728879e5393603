package dev.tailrace.sink.jdbc;

import dev.tailrace.config.Settings;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What the sink does about each class of changes: its mapping {@code schema-changes}. Immutable. */
final class SchemaPolicy {
    private final Map<ChangeClass, Reaction> reactions;

    private SchemaPolicy(Map<ChangeClass, Reaction> reactions) {
        this.reactions = new EnumMap<>(reactions);
    }

    /** Reads the mapping and reports its problems into it. */
    static SchemaPolicy read(Settings settings) {
        List<String> words =
                Arrays.stream(Reaction.values()).map(SchemaPolicy::word).toList();
        Map<ChangeClass, Reaction> reactions = new EnumMap<>(ChangeClass.class);
        for (ChangeClass kind : ChangeClass.values()) {
            String chosen = settings.choice(kind.key(), word(kind.byDefault()), words);
            reactions.put(kind, Reaction.valueOf(chosen.toUpperCase(Locale.ROOT)));
        }
        return new SchemaPolicy(reactions);
    }

    Reaction of(ChangeClass kind) {
        return Objects.requireNonNull(reactions.get(kind));
    }

    /** As the configuration and the reports name it. */
    static String word(Reaction reaction) {
        return reaction.name().toLowerCase(Locale.ROOT);
    }
}
