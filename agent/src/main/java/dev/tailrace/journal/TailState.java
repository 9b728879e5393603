package dev.tailrace.journal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tail while frames are appended, or read again by recovery: both feed it the same way, so that a restart finds what the
 * process before it knew. One thread.
 */
final class TailState {
    private @Nullable SourceOffset offset;
    private Tail.Snapshot snapshot = Tail.Snapshot.NONE;
    private long snapshotEpoch = -1;
    private long snapshotEvents;
    private Map<String, String> source = Map.of();
    private long sequence;
    private long partsFrom;
    private final List<SequenceRange> aborted = new ArrayList<>();
    private Starts starts = Starts.NONE;
    private Map<String, String> history = Map.of();

    void cycle(long cycleSequence, CycleHeader header) {
        Tail tail = header.tail();
        offset = tail.offset().orElse(null);
        snapshot = tail.snapshot();
        snapshotEpoch = tail.snapshotEpoch();
        snapshotEvents = tail.snapshotEvents();
        source = tail.source();
        partsFrom = header.partsFrom();
        aborted.clear();
        aborted.addAll(header.aborted());
        starts = header.starts();
        history = Map.of();
        sequence = cycleSequence;
    }

    /** A start that gives out numbers from there on. */
    void begin(long firstSequence, long token) {
        starts = starts.with(firstSequence, token);
    }

    void start(long at, Map<String, String> map) {
        source = Map.copyOf(map);
        sequence = at;
    }

    void abort(long at, SequenceRange range) {
        aborted.add(range);
        partsFrom = 0;
        sequence = at;
    }

    void history(long at, HistoryCodec.Entry entry) {
        Map<String, String> next = entry.anew() ? new TreeMap<>() : new TreeMap<>(history);
        entry.changes().forEach((key, value) -> {
            next.remove(key);
            value.ifPresent(text -> next.put(key, text));
        });
        history = Collections.unmodifiableMap(next);
        sequence = at;
        advance(entry.offset());
    }

    /** Immutable; changes seldom. */
    Map<String, String> history() {
        return history;
    }

    /** A frame that says nothing about the tail. */
    void pass(long at) {
        sequence = at;
    }

    void apply(Frame.Kind kind, long at, FramePrefix prefix) {
        sequence = at;
        switch (kind) {
            case TRANSACTIONS, OFFSET -> advance(prefix.offset());
            case PART -> {
                if (partsFrom == 0) {
                    partsFrom = at;
                }
                if (prefix.last()) {
                    partsFrom = 0;
                    advance(prefix.offset());
                }
            }
            case SNAPSHOT -> applySnapshot(prefix);
            default -> throw new IllegalArgumentException(kind + " has no prefix");
        }
    }

    private void applySnapshot(FramePrefix prefix) {
        if (prefix.snapshotEpoch() != snapshotEpoch || snapshot != Tail.Snapshot.RUNNING) {
            snapshotEvents = prefix.snapshotEpoch() == snapshotEpoch ? snapshotEvents : 0;
            snapshotEpoch = prefix.snapshotEpoch();
            snapshot = Tail.Snapshot.RUNNING;
        }
        snapshotEvents += prefix.snapshotEvents();
        if (prefix.offset() != null) {
            snapshot = Tail.Snapshot.COMPLETED;
            offset = prefix.offset();
        }
    }

    /** The tail never moves back within one log: an old heartbeat must not make the source send again what is here. */
    private void advance(@Nullable SourceOffset next) {
        if (next == null || (offset != null && next.position().isBefore(offset.position()))) {
            return;
        }
        offset = next;
    }

    /** First part of the transaction that is unfinished, 0 when none is. */
    long partsFrom() {
        return partsFrom;
    }

    long sequence() {
        return sequence;
    }

    /** I5: the newest frame that readers may see once it is fsynced. */
    long readable() {
        return partsFrom == 0 ? sequence : partsFrom - 1;
    }

    List<SequenceRange> aborted() {
        return List.copyOf(aborted);
    }

    Starts starts() {
        return starts;
    }

    /** Forgets the ranges whose frames are all deleted, and the starts behind whose frames nobody can go on. */
    void forgetBefore(Cycle oldest) {
        aborted.removeIf(range -> range.to() < oldest.firstSequence());
        starts = starts.from(oldest.header().previousSequence());
    }

    Tail toTail() {
        return new Tail(Optional.ofNullable(offset), snapshot, snapshotEpoch, snapshotEvents, source, sequence);
    }
}
