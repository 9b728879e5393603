package dev.tailrace.agent;

import dev.tailrace.event.TableId;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.SchemaDesk;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The desks of the configured sinks that have one. */
public final class SchemaDesks {
    private final Map<String, SchemaDesk> desks = new LinkedHashMap<>();

    /**
     * @param journal identity of the journal
     * @param epoch of its last start
     */
    public SchemaDesks(AgentConfiguration configuration, String journal, long epoch) {
        for (SinkConfiguration sink : configuration.sinks()) {
            SinkContext context = new SinkContext(
                    configuration.name(),
                    sink.name(),
                    journal,
                    epoch,
                    "", // of a start, which this is not: nothing is taken over
                    configuration.dataDirectory().resolve("sinks").resolve(sink.name()),
                    List.of(),
                    FaultPoint.NONE);
            sink.definition().schemaDesk(context).ifPresent(desk -> desks.put(sink.name(), desk));
        }
    }

    /** By the sinks' names; only that one when it is named. */
    public Map<String, SchemaDesk> of(@Nullable String sink) {
        Map<String, SchemaDesk> wanted = new LinkedHashMap<>(desks);
        if (sink != null) {
            wanted.keySet().retainAll(List.of(sink));
        }
        return wanted;
    }

    public List<String> names(@Nullable String sink) {
        return List.copyOf(of(sink).keySet());
    }

    /** Approves at the targets of a stopped agent; gives the sinks that held the table. */
    public List<String> approve(@Nullable String sink, String table) throws SinkException {
        List<String> approved = new ArrayList<>();
        for (Map.Entry<String, SchemaDesk> desk : of(sink).entrySet()) {
            for (SchemaDesk.State state : desk.getValue().states()) {
                TableId id = state.table();
                if (id.toString().equals(table) && desk.getValue().approve(id)) {
                    approved.add(desk.getKey());
                }
            }
        }
        return approved;
    }
}
