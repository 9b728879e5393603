package dev.tailrace.sink.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
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
    private final Set<Object> blocked = new HashSet<>();

    /** @param changes taken from its front; handed over by the caller */
    Lane(int number, Deque<Plan.Change> changes, HttpSettings settings, String agent) {
        this.number = number;
        this.changes = changes;
        this.settings = settings;
        this.agent = agent;
    }

    /** Gives out no later change of that row: it would overtake the one that was refused (I3). */
    void block(Plan.Change refused) {
        blocked.add(row(refused.event()));
    }

    /** A lane's changes touch one row each; a table without a key has no rows that could be told apart. */
    private static Object row(ChangeEvent event) {
        return event.schema().hasKey() && event.operation() != Operation.TRUNCATE
                ? List.of(event.table(), event.image().keyValues())
                : event.table();
    }

    private boolean isFree(Plan.Change change) {
        return blocked.isEmpty()
                || (!blocked.contains(row(change.event()))
                        && !blocked.contains(change.event().table()));
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
