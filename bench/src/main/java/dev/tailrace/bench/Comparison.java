package dev.tailrace.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure of both sides over all runs.
 *
 * @param name of the measure, with its parameter
 * @param ours one value a run
 * @param anchor what we are compared with
 * @param theirs one value a run
 * @param control the anchor once more in every round: its ratio to {@code theirs} shows what the machine's noise is worth;
 *     empty when there was none
 * @param unit of all values
 * @param rows that each run handled
 */
record Comparison(
        String name,
        List<Double> ours,
        String anchor,
        List<Double> theirs,
        List<Double> control,
        String unit,
        long rows) {
    Comparison {
        ours = List.copyOf(ours);
        theirs = List.copyOf(theirs);
        control = List.copyOf(control);
        if (ours.isEmpty() || ours.size() != theirs.size()) {
            throw new IllegalArgumentException("runs are paired: " + ours.size() + " and " + theirs.size());
        }
    }

    /** The median of the paired runs' ratios, ours to theirs. */
    double ratio() {
        return Spread.of(Spread.ratios(ours, theirs)).median();
    }

    /** The same of the anchor with itself; null without a control. */
    @Nullable
    Double controlRatio() {
        return control.size() == theirs.size()
                ? Spread.of(Spread.ratios(theirs, control)).median()
                : null;
    }
}
