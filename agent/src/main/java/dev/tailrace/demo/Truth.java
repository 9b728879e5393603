package dev.tailrace.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the source itself says was committed, learnt apart from everything the agent does. One thread.
 *
 * <p>Of each change it keeps the id that the agent has to give it, in commit order; a tool that lost, doubled, invented
 * or misplaced a change cannot have the same list.
 */
public abstract class Truth implements AutoCloseable {
    private final Map<String, Change> changes = new LinkedHashMap<>();
    private long commits;
    private String last = "";

    /**
     * One committed change.
     *
     * @param table its name without schema
     * @param operation {@code I}, {@code U}, {@code D} or {@code T}
     * @param commit number of its transaction, from 1 in commit order
     * @param rank place among all changes, from 0 in commit order
     */
    public record Change(String id, String table, char operation, long commit, long rank) {}

    Truth() {}

    /** Takes over what was committed since the last call. */
    public abstract void read() throws Exception;

    /** Frees what it keeps at the source. */
    @Override
    public abstract void close() throws Exception;

    /** From here on changes belong to the next transaction. */
    final void beginTransaction() {
        commits++;
    }

    final void add(String id, String table, char operation) {
        Change before = changes.put(id, new Change(id, table, operation, commits, changes.size()));
        if (before != null) {
            throw new IllegalStateException("the source told " + id + " twice");
        }
        last = id;
    }

    /** The id of the newest change; empty before the first. */
    public final String last() {
        return last;
    }

    /** Every change by its id, in commit order. */
    public final Map<String, Change> changes() {
        return Collections.unmodifiableMap(changes);
    }

    /** Changes by table and operation, {@code orders/U} for example. */
    public final Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        changes.values().forEach(change -> counts.merge(change.table() + "/" + change.operation(), 1L, Long::sum));
        return counts;
    }

    /**
     * Compares with the ids of streamed changes that arrived somewhere, duplicates already removed.
     *
     * <p>A change may be missing only when it was committed before the target's snapshot, which then holds it: the
     * missing ones must be whole transactions at the beginning.
     *
     * @return what is wrong, empty when nothing is
     */
    public final List<String> compare(Set<String> arrived) {
        List<String> wrong = new ArrayList<>();
        for (String id : arrived) {
            if (!changes.containsKey(id)) {
                wrong.add("never committed: " + id);
            }
        }
        long firstArrived = changes.values().stream()
                .filter(change -> arrived.contains(change.id()))
                .mapToLong(Change::commit)
                .min()
                .orElse(Long.MAX_VALUE);
        for (Change change : changes.values()) {
            if (change.commit() >= firstArrived && !arrived.contains(change.id())) {
                wrong.add("lost: " + change.operation() + " of " + change.table() + " " + change.id());
            }
        }
        return wrong;
    }
}
