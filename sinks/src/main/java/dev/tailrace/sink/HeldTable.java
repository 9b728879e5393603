package dev.tailrace.sink;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.Objects;

/**
 * A table whose changes a sink does not take for now, while it takes those of all others.
 *
 * @param after number of the journal frame up to which every change of the table is durable at the target; what comes
 *     behind it waits in the journal
 * @param approved whether somebody, or the policy, lets it go on: it catches up
 * @param code why it waits, stable, listed in docs/errors.md
 * @param reason the same in words
 * @param plan the statements that the target needs, in order; empty when it needs none
 * @param sinceMicros when it began to wait, microseconds since 1970-01-01T00:00:00Z
 */
public record HeldTable(
        TableId table, long after, boolean approved, String code, String reason, List<String> plan, long sinceMicros) {
    public HeldTable {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(reason, "reason");
        plan = List.copyOf(plan);
    }
}
