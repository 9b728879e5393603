package dev.tailrace.capture.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A set of global transaction identifiers, as MySQL writes it: {@code uuid:1-5:7,uuid:tag:3}. Immutable.
 *
 * <p>See "GTID Sets" and "Tagged GTIDs" in the MySQL reference manual.
 */
final class Gtids {
    static final Gtids NONE = new Gtids(new TreeMap<>());

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TAG = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
    private static final Pattern INTERVAL = Pattern.compile("[0-9]{1,19}(-[0-9]{1,19})?");

    /** By source and tag, the intervals in order, apart from each other. */
    private final Map<String, List<Interval>> intervals;

    private record Interval(long from, long to) {}

    private Gtids(Map<String, List<Interval>> intervals) {
        this.intervals = intervals;
    }

    /** @throws IllegalArgumentException when it is not of that form */
    static Gtids parse(String text) {
        Map<String, List<Interval>> found = new TreeMap<>();
        for (String source : text.replaceAll("\\s", "").toLowerCase(Locale.ROOT).split(",")) {
            if (source.isEmpty()) {
                continue;
            }
            source(source, found);
        }
        found.replaceAll((name, list) -> joined(list));
        return new Gtids(found);
    }

    /** A tag counts for the intervals behind it. What was not understood would hide a gap. */
    private static void source(String text, Map<String, List<Interval>> found) {
        String[] parts = text.split(":", -1);
        String name = parts[0];
        boolean open = true;
        for (int i = 1; i < parts.length; i++) {
            if (INTERVAL.matcher(parts[i]).matches()) {
                found.computeIfAbsent(name, key -> new ArrayList<>()).add(interval(parts[i]));
                open = false;
            } else if (TAG.matcher(parts[i]).matches() && (i == 1 || !open)) {
                name = parts[0] + ":" + parts[i];
                open = true;
            } else {
                throw malformed(text);
            }
        }
        if (open || !UUID.matcher(parts[0]).matches()) {
            throw malformed(text);
        }
    }

    private static Interval interval(String text) {
        int dash = text.indexOf('-');
        long from = Long.parseLong(dash < 0 ? text : text.substring(0, dash));
        long to = dash < 0 ? from : Long.parseLong(text.substring(dash + 1));
        if (from < 1 || to < from) {
            throw malformed(text);
        }
        return new Interval(from, to);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not a set of global transaction identifiers: " + text);
    }

    private static List<Interval> joined(List<Interval> list) {
        List<Interval> sorted = new ArrayList<>(list);
        sorted.sort((a, b) -> Long.compare(a.from, b.from));
        List<Interval> result = new ArrayList<>();
        for (Interval next : sorted) {
            Interval last = result.isEmpty() ? null : result.get(result.size() - 1);
            if (last != null && next.from <= last.to + 1) {
                result.set(result.size() - 1, new Interval(last.from, Math.max(last.to, next.to)));
            } else {
                result.add(next);
            }
        }
        return result;
    }

    /** Whether every identifier of the other set is in this one. */
    boolean contains(Gtids other) {
        return other.intervals.entrySet().stream()
                .allMatch(entry -> entry.getValue().stream().allMatch(wanted -> covers(entry.getKey(), wanted)));
    }

    private boolean covers(String name, Interval wanted) {
        return intervals.getOrDefault(name, List.of()).stream()
                .anyMatch(have -> have.from <= wanted.from && wanted.to <= have.to);
    }

    /** This set and the other one together. */
    Gtids with(Gtids other) {
        Map<String, List<Interval>> both = new TreeMap<>();
        intervals.forEach((name, list) -> both.put(name, new ArrayList<>(list)));
        other.intervals.forEach((name, list) ->
                both.computeIfAbsent(name, key -> new ArrayList<>()).addAll(list));
        both.replaceAll((name, list) -> joined(list));
        return new Gtids(both);
    }

    boolean isEmpty() {
        return intervals.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Gtids that && intervals.equals(that.intervals);
    }

    @Override
    public int hashCode() {
        return intervals.hashCode();
    }
}
