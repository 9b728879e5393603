package dev.tailrace.agent;

import dev.tailrace.event.TableId;
import dev.tailrace.pipeline.RejectSettings;
import dev.tailrace.sink.SinkFactory;
import java.util.List;
import java.util.function.Predicate;

/**
 * One entry of {@code sinks} in the configuration.
 *
 * @param name unique in the agent
 * @param type which factory made the definition
 * @param tables globs of the tables it wants; all that are captured when nothing is said
 * @param rejects what becomes of changes that its target refuses
 * @param definition makes the sink
 */
public record SinkConfiguration(
        String name, String type, List<String> tables, RejectSettings rejects, SinkFactory.Definition definition) {
    public SinkConfiguration {
        tables = List.copyOf(tables);
    }

    /** Which tables' changes it gets. */
    public Predicate<TableId> wanted() {
        return new TableGlobs(tables);
    }
}
