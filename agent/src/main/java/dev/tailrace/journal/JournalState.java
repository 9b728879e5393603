package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the writer knows and the readers see of it. The writer's part is guarded by the journal's lock; the rest is
 * published by {@link #publish}. Order matters there: whoever sees a watermark sees the files and aborted ranges up to it.
 */
final class JournalState {
    final String id;
    final long epoch;
    final CycleFiles files;
    final SchemaCatalog catalog;
    final Watermark watermark = new Watermark();
    /** Guarded by the journal's lock. */
    final TailState tail;
    /** Guarded by the journal's lock: the tables of what is appended and not published. */
    private final Set<TableId> changed = new HashSet<>();
    /** Guarded by the journal's lock. */
    private long nextSequence;
    /** Guarded by the journal's lock. */
    private int nextSchemaId;

    private volatile CycleIndex index;
    private volatile List<SequenceRange> aborted;
    private volatile Starts starts;
    private volatile Tail durableTail;
    private volatile Map<String, String> durableHistory;
    private volatile End end = End.NONE;
    private volatile boolean closed;

    /** @param token random, of this start */
    JournalState(Recovered recovered, CycleFiles files, String id, long epoch, long token, long nextSequence) {
        this.id = id;
        this.epoch = epoch;
        this.files = files;
        this.catalog = recovered.catalog();
        this.tail = recovered.tail();
        this.nextSequence = nextSequence;
        tail.begin(nextSequence, token);
        this.nextSchemaId = recovered.nextSchemaId();
        this.index = recovered.index();
        this.aborted = tail.aborted();
        this.starts = tail.starts();
        this.durableTail = tail.toTail();
        this.durableHistory = tail.history();
    }

    long takeSequence() {
        return nextSequence++;
    }

    int takeSchemaId() {
        return nextSchemaId++;
    }

    int nextSchemaId() {
        return nextSchemaId;
    }

    CycleIndex index() {
        return index;
    }

    void index(CycleIndex next) {
        index = next;
        Cycle first = next.first();
        if (first != null) {
            tail.forgetBefore(first);
        }
    }

    /** A change of that table is about to be appended. */
    void changes(TableId table) {
        changed.add(table);
    }

    /**
     * Everything appended so far was fsynced.
     *
     * @param cycle the live file
     * @param document number in it of the last document
     */
    void publish(int cycle, long document) {
        aborted = tail.aborted();
        starts = tail.starts();
        durableTail = tail.toTail();
        durableHistory = tail.history();
        watermark.publish(tail.sequence(), tail.readable(), changed);
        changed.clear();
        if (tail.readable() == tail.sequence()) {
            end = new End(tail.sequence(), cycle, document, durableTail.offset().orElse(null));
        }
    }

    boolean isAborted(long sequence) {
        for (SequenceRange range : aborted) {
            if (range.contains(sequence)) {
                return true;
            }
        }
        return false;
    }

    /** Which starts the retained numbers are of, as far as fsynced. */
    Starts starts() {
        return starts;
    }

    End end() {
        return end;
    }

    Tail durableTail() {
        return durableTail;
    }

    Map<String, String> durableHistory() {
        return durableHistory;
    }

    /** The numbers between the file before it and the oldest file were given up: nothing is missing there. */
    long firstSequence() {
        @Nullable Cycle first = index.first();
        return first == null ? 0 : first.header().previousSequence() + 1;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        watermark.close();
    }
}
