package dev.tailrace.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Latencies by rank. */
final class Percentiles {
    private Percentiles() {}

    /**
     * {@code p50}, {@code p99}, {@code p999} and {@code max} in milliseconds.
     *
     * @param micros latencies in microseconds, at least one
     */
    static Map<String, Double> of(List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        Map<String, Double> figures = new TreeMap<>();
        figures.put("p50", at(sorted, 0.5));
        figures.put("p99", at(sorted, 0.99));
        figures.put("p999", at(sorted, 0.999));
        figures.put("max", at(sorted, 1));
        figures.put("count", (double) sorted.size());
        return figures;
    }

    /** The smallest value that at least that share does not exceed. */
    private static double at(List<Long> sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(1, rank) - 1) / 1e3;
    }
}
