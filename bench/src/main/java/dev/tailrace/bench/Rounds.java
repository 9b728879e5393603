package dev.tailrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs both sides and a control in turn, each round beginning with another one, so that a machine that grows slower or
 * faster does so for all.
 */
final class Rounds {
    private final List<Figures> ours = new ArrayList<>();
    private final List<Figures> theirs = new ArrayList<>();
    private final List<Figures> control = new ArrayList<>();

    /** One run of one side. */
    @FunctionalInterface
    interface Side {
        /** @param run its number, unique among all runs of this side */
        Figures run(int run) throws Exception;
    }

    /**
     * @param ours runs 0 to {@code runs} - 1
     * @param theirs runs 0 to 2 x {@code runs} - 1: the second half are the control
     */
    static Rounds of(int runs, Side ours, Side theirs, Consumer<String> progress) throws Exception {
        Rounds rounds = new Rounds();
        for (int round = 0; round < runs; round++) {
            for (int turn = 0; turn < 3; turn++) {
                switch ((round + turn) % 3) {
                    case 0 -> add(rounds.ours, "ours", ours.run(round), progress);
                    case 1 -> add(rounds.theirs, "theirs", theirs.run(round), progress);
                    default -> add(rounds.control, "control", theirs.run(runs + round), progress);
                }
            }
        }
        return rounds;
    }

    private static void add(List<Figures> to, String side, Figures figures, Consumer<String> progress) {
        to.add(figures);
        progress.accept("    " + side + " " + figures.values());
    }

    /** One figure of all runs. */
    Comparison compare(String name, String anchor, String figure, String unit, long rows) {
        return new Comparison(
                name, values(ours, figure), anchor, values(theirs, figure), values(control, figure), unit, rows);
    }

    /** One figure of ours, and of runs of something else that were made beside them. */
    Comparison compareWith(String name, String anchor, List<Figures> others, String figure, String unit, long rows) {
        return new Comparison(name, values(ours, figure), anchor, values(others, figure), List.of(), unit, rows);
    }

    private static List<Double> values(List<Figures> runs, String figure) {
        return runs.stream().map(run -> run.get(figure)).toList();
    }
}
