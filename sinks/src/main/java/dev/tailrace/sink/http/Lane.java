package dev.tailrace.sink.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes that one connection sends in one phase, cut into requests by number and bytes when they are due, so that
 * a batch's JSON is never in memory as a whole. Used by the writing thread only.
 */
final class Lane {
    private final int number;
    private final Deque<Plan.Change> changes;
    private final HttpSettings settings;
    private final String agent;
    private final Deque<Request> ready = new ArrayDeque<>();
    private Request.@Nullable Part carried;
    /** Rows, and tables as a whole. */
    private final Set<Object> blocked = new HashSet<>();

    /** Tables with a row that is blocked. */
    private final Set<TableId> touched = new HashSet<>();

    /** @param changes taken from its front; handed over by the caller */
    Lane(int number, Deque<Plan.Change> changes, HttpSettings settings, String agent) {
        this.number = number;
        this.changes = changes;
        this.settings = settings;
        this.agent = agent;
    }

    /** Gives out no later change of its row: it would overtake the one that was refused (I3). */
    void block(Plan.Change refused) {
        block(refused.event());
    }

    private void block(ChangeEvent event) {
        blocked.addAll(rows(event));
        touched.add(event.table());
    }

    /** The row, both when it changes its key; the table when it is all of it, or has no rows that could be told apart. */
    private static List<Object> rows(ChangeEvent event) {
        if (isWholeTable(event)) {
            return List.of(event.table());
        }
        Object row = List.of(event.table(), event.image().keyValues());
        Row before = event.before();
        return event.changesKey() && before != null
                ? List.of(List.of(event.table(), before.keyValues()), row)
                : List.of(row);
    }

    private static boolean isWholeTable(ChangeEvent event) {
        return event.operation() == Operation.TRUNCATE || !event.schema().hasKey();
    }

    /** Asked in the source's order: what is held back holds back what comes behind it. */
    private boolean isFree(Plan.Change change) {
        ChangeEvent event = change.event();
        boolean free = !touched.contains(event.table())
                || (!isWholeTable(event)
                        && !blocked.contains(event.table())
                        && rows(event).stream().noneMatch(blocked::contains));
        if (!free) {
            block(event);
        }
        return free;
    }

    /** The next request, null when everything was given out. */
    @Nullable
    Request next() {
        for (Request first = ready.poll(); first != null; first = ready.poll()) {
            List<Request.Part> free =
                    first.parts().stream().filter(p -> isFree(p.change())).toList();
            if (!free.isEmpty()) {
                return free.size() == first.parts().size() ? first : new Request(number, free);
            }
        }
        List<Request.Part> parts = new ArrayList<>();
        long bytes = 0;
        Request.Part part;
        while (parts.size() < settings.batchEvents() && (part = take()) != null) {
            if (!parts.isEmpty() && bytes + part.json().length > settings.batchBytes()) {
                carried = part;
                break;
            }
            parts.add(part);
            bytes += part.json().length + 1;
        }
        return parts.isEmpty() ? null : new Request(number, parts);
    }

    /** Puts requests before all others of the lane. */
    void putBack(List<Request> requests) {
        for (int i = requests.size() - 1; i >= 0; i--) {
            ready.addFirst(requests.get(i));
        }
    }

    private Request.@Nullable Part take() {
        Request.Part part = carried;
        carried = null;
        if (part != null && isFree(part.change())) {
            return part;
        }
        Plan.Change change = changes.poll();
        while (change != null && !isFree(change)) {
            change = changes.poll();
        }
        return change == null ? null : part(change);
    }

    private Request.Part part(Plan.Change change) {
        // grows piece by piece: an array that doubles would take three times a large change
        ByteArrayBuilder out = new ByteArrayBuilder();
        try (JsonGenerator json = EventJson.generator(out)) {
            settings.format().write(json, change.event(), change.transaction(), agent);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON in memory", e);
        }
        return new Request.Part(change, out.toByteArray());
    }
}
