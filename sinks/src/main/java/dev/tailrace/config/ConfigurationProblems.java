package dev.tailrace.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one configuration, in the order of the file. */
final class ConfigurationProblems {
    static final String SYNTAX = "CONFIG-SYNTAX";
    static final String FILE = "CONFIG-FILE";
    static final String MISSING = "CONFIG-MISSING";
    static final String VALUE = "CONFIG-VALUE";
    static final String SECRET = "CONFIG-SECRET";
    static final String UNKNOWN_KEY = "CONFIG-UNKNOWN-KEY";

    /** A finding and the line it belongs to, {@link Integer#MAX_VALUE} when it has none. */
    record Located(int line, Finding finding) {}

    private final List<Located> found = new ArrayList<>();

    /** @param line from 1; 0 when there is none to name */
    void add(String code, String subject, int line, String message, String remedy) {
        found.add(located(code, subject, line, message, remedy));
    }

    static Located located(String code, String subject, int line, String message, String remedy) {
        String place = line > 0 ? " (line " + line + ")" : "";
        Finding finding = new Finding(code, subject, message + place, remedy, Finding.Severity.FATAL);
        return new Located(line > 0 ? line : Integer.MAX_VALUE, finding);
    }

    List<Finding> all() {
        return with(List.of());
    }

    /** What was collected and these, by line; what belongs to no line comes last, in order of discovery. */
    List<Finding> with(List<Located> more) {
        List<Located> together = new ArrayList<>(found);
        together.addAll(more);
        together.sort(Comparator.comparingInt(Located::line));
        return together.stream().map(Located::finding).distinct().toList();
    }
}
