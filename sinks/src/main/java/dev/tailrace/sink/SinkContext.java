package dev.tailrace.sink;

import dev.tailrace.event.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a sink is told when it is opened.
 *
 * @param agent the agent's configured name; with {@code sink} it names the pipeline at a shared target
 * @param sink the sink's configured name
 * @param journal identity of the journal whose frames the checkpoints number
 * @param epoch grows at every start of the agent; a target that has seen a higher one refuses this sink (I6)
 * @param token random, of this start: a target that has seen the same epoch with another one refuses this sink, because
 *     it is of another copy of the data directory (I6)
 * @param dataDirectory a directory of this sink's own below the agent's data directory; created when the sink asks first
 * @param tables the newest known shape of every table this sink will receive, for preparing the target; tables unknown
 *     so far arrive with their first change
 * @param faults where tests kill the process inside the sink
 */
public record SinkContext(
        String agent,
        String sink,
        String journal,
        long epoch,
        String token,
        Path dataDirectory,
        List<TableSchema> tables,
        FaultPoint faults) {
    public SinkContext {
        Objects.requireNonNull(agent, "agent");
        Objects.requireNonNull(sink, "sink");
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(token, "token");
        tables = List.copyOf(tables);
    }

    /** {@code agent/sink}: the pipeline's name at the target. */
    public String pipeline() {
        return agent + "/" + sink;
    }
}
