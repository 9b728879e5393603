package dev.tailrace.demo;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;

/** Counts committed transactions by kind, and those the database turned down. Any thread. */
public final class Tally {
    private final Map<Errand, LongAdder> done = new EnumMap<>(Errand.class);
    private final LongAdder refused = new LongAdder();

    /** Starts at zero. */
    public Tally() {
        for (Errand errand : Errand.values()) {
            done.put(errand, new LongAdder());
        }
    }

    void add(Errand errand) {
        of(errand).increment();
    }

    void addRefused() {
        refused.increment();
    }

    /** Errands done, of all kinds; those that roll back included. */
    public long total() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Errands of that kind done. */
    public long count(Errand errand) {
        return of(errand).sum();
    }

    /** Transactions that the database rolled back, deadlocks for example. */
    public long refused() {
        return refused.sum();
    }

    private LongAdder of(Errand errand) {
        LongAdder adder = done.get(errand);
        if (adder == null) {
            throw new IllegalStateException("nobody counts " + errand);
        }
        return adder;
    }

    @Override
    public String toString() {
        StringJoiner kinds = new StringJoiner(", ");
        done.forEach((errand, adder) -> kinds.add(
                adder.sum() + " " + errand.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        return kinds.toString();
    }
}
