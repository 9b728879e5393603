package dev.tailrace.sink;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sink knows of the shapes of its tables, for an operator: beside a running pipeline or without one. Every call
 * reaches the target anew.
 */
public interface SchemaDesk {

    /**
     * A table at the target.
     *
     * @param journal identity of the journal that numbered the version
     * @param version the newest one that the target was made fit for
     * @param ignored columns that are left out there by policy
     * @param held what it waits for, null when it goes on like all others
     */
    record State(
            TableId table,
            String journal,
            int version,
            List<String> ignored,
            @Nullable HeldTable held) {
        public State {
            Objects.requireNonNull(table, "table");
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * One difference between two shapes.
     *
     * @param kind its class, such as {@code add} or {@code rename}
     * @param text the difference in words
     * @param policy what the sink does about it: {@code evolve}, {@code pause}, {@code ignore} or {@code fail}
     * @param plan the statements that the target still needs, in order
     */
    record Change(String kind, String text, String policy, List<String> plan) {
        public Change {
            plan = List.copyOf(plan);
        }
    }

    /** All tables that the target was made fit for, in order of their names. */
    List<State> states() throws SinkException;

    /** What lies between two shapes of a table, and what it means for the target as it stands. */
    List<Change> changes(TableSchema from, TableSchema to) throws SinkException;

    /**
     * Lets a held table go on when the sink is opened next. For a stopped agent: a running one does it by itself.
     *
     * @return false when the table is not held, or approved already
     */
    boolean approve(TableId table) throws SinkException;
}
