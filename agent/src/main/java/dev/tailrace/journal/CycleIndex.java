package dev.tailrace.journal;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of the journal at one moment, oldest first. Immutable. */
final class CycleIndex {
    private final TreeMap<Integer, Cycle> cycles;

    private CycleIndex(TreeMap<Integer, Cycle> cycles) {
        this.cycles = cycles;
    }

    static CycleIndex of(Collection<Cycle> cycles) {
        TreeMap<Integer, Cycle> byNumber = new TreeMap<>();
        cycles.forEach(cycle -> byNumber.put(cycle.number(), cycle));
        return new CycleIndex(byNumber);
    }

    CycleIndex with(Cycle cycle) {
        TreeMap<Integer, Cycle> copy = new TreeMap<>(cycles);
        copy.put(cycle.number(), cycle);
        return new CycleIndex(copy);
    }

    CycleIndex without(Cycle cycle) {
        TreeMap<Integer, Cycle> copy = new TreeMap<>(cycles);
        copy.remove(cycle.number());
        return new CycleIndex(copy);
    }

    int size() {
        return cycles.size();
    }

    Collection<Cycle> all() {
        return cycles.values();
    }

    @Nullable
    Cycle first() {
        return value(cycles.firstEntry());
    }

    @Nullable
    Cycle last() {
        return value(cycles.lastEntry());
    }

    @Nullable
    Cycle find(int number) {
        return cycles.get(number);
    }

    @Nullable
    Cycle after(int number) {
        return value(cycles.higherEntry(number));
    }

    /** The file that begins at or before the frame of that number, null when all begin behind it. */
    @Nullable
    Cycle holding(long sequence) {
        Cycle found = null;
        for (Cycle cycle : cycles.values()) {
            if (cycle.firstSequence() > sequence) {
                break;
            }
            found = cycle;
        }
        return found;
    }

    /** Written to all files but the newest. Their length says nothing: they have holes. */
    long sealedBytes(CycleFiles files) {
        return bytesBefore(Long.MAX_VALUE, files);
    }

    /** Written to the files whose frames all lie at or before that number, the newest file left out. */
    long bytesBefore(long sequence, CycleFiles files) {
        long sum = 0;
        for (Cycle cycle : cycles.values()) {
            Cycle successor = after(cycle.number());
            if (successor == null || successor.header().previousSequence() > sequence) {
                break;
            }
            boolean known = successor.header().previousCycle() == cycle.number();
            sum += known
                    ? successor.header().previousBytes()
                    : Math.min(files.length(cycle.number()), FrameOutput.CHUNK);
        }
        return sum;
    }

    private static @Nullable Cycle value(Map.@Nullable Entry<Integer, Cycle> entry) {
        return entry == null ? null : entry.getValue();
    }
}
