package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the parts of one big transaction that a sink took but has not made durable yet: numbers only. Their
 * changes are let go of, because a transaction may be larger than the heap; after a failure they are read again.
 */
final class PendingParts {
    private final Map<TableId, Portion.Share> shares = new LinkedHashMap<>();
    private int parts;
    private long events;
    private long oldestCommitMicros;

    void add(Portion part) {
        part.shares().forEach((table, share) -> shares.merge(table, share, Portion.Share::plus));
        parts++;
        events += part.events();
        long commit = part.oldestCommitMicros();
        oldestCommitMicros = oldestCommitMicros == 0 || commit == 0
                ? oldestCommitMicros + commit
                : Math.min(oldestCommitMicros, commit);
    }

    boolean isEmpty() {
        return parts == 0;
    }

    void clear() {
        shares.clear();
        parts = 0;
        events = 0;
        oldestCommitMicros = 0;
    }

    /** Number of changes and oldest commit time by table. */
    Map<TableId, Portion.Share> shares() {
        return Map.copyOf(shares);
    }

    long events() {
        return events;
    }

    /** Microseconds; 0 when there is none. */
    long oldestCommitMicros() {
        return oldestCommitMicros;
    }
}
