package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.jdbc.ChangeClass.Reaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has to be done at the target so that it takes rows of another shape, as its table is now: what was done already,
 * before a crash or by an operator, is not in it.
 *
 * @param from the shape that the target was last made fit for
 * @param filled columns of {@code from} whose default at the target is Tailrace's
 * @param table the target's
 */
record SchemaPlan(TableSchema from, Set<String> filled, TableSchema to, TargetName table, List<Step> steps) {

    /**
     * One change of the source with what follows from it.
     *
     * @param reaction the policy's
     * @param ddl what the target needs, in this order; empty when it needs nothing, or nothing is known that helps
     */
    record Step(SchemaChange change, Reaction reaction, List<String> ddl) {
        Step {
            ddl = List.copyOf(ddl);
        }
    }

    SchemaPlan {
        steps = List.copyOf(steps);
    }

    /** The strictest of the steps' reactions; what is ignored counts as done. */
    Reaction reaction() {
        for (Reaction strict : List.of(Reaction.FAIL, Reaction.PAUSE)) {
            if (steps.stream().anyMatch(s -> s.reaction == strict)) {
                return strict;
            }
        }
        return Reaction.EVOLVE;
    }

    /** What has to be run, without what is ignored. */
    List<String> ddl() {
        List<String> all = new ArrayList<>();
        for (Step step : steps) {
            if (step.reaction != Reaction.IGNORE) {
                all.addAll(step.ddl);
            }
        }
        return all;
    }

    /** Whether it can be run while changes of the old shape are still to be written. */
    boolean mayComeEarly() {
        return steps.stream()
                .filter(s -> s.reaction != Reaction.IGNORE)
                .allMatch(s -> s.change.mayComeEarly() || s.ddl.isEmpty());
    }

    /** The new columns that are left out. */
    List<String> ignoredColumns() {
        return steps.stream()
                .filter(s -> s.reaction == Reaction.IGNORE)
                .filter(s ->
                        s.change.action() == SchemaChange.Action.ADD || s.change.action() == SchemaChange.Action.RENAME)
                .map(s -> s.change.column())
                .toList();
    }

    /** The changes in words, each with its class. */
    String text() {
        return steps.stream()
                .map(s -> s.change.text() + " (" + s.change.kind().key() + ": " + SchemaPolicy.word(s.reaction) + ")")
                .collect(Collectors.joining("; "));
    }

    /** Only those that wait for somebody. */
    String reason(Reaction of) {
        return steps.stream()
                .filter(s -> s.reaction == of)
                .map(s -> s.change.text() + " (" + s.change.kind().key() + ")")
                .collect(Collectors.joining("; "));
    }

    /** The statements as an operator would run them. */
    String ddlText() {
        return ddl().isEmpty() ? "nothing has to be changed at the target" : String.join("; ", ddl());
    }
}
