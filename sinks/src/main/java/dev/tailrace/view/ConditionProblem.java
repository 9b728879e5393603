package dev.tailrace.view;

/** A condition that cannot be read, or does not fit the table. The message names the place in its text. */
final class ConditionProblem extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param position of the first character that is wrong, from 0 */
    ConditionProblem(int position, String message) {
        super("at character " + (position + 1) + ": " + message);
    }
}
