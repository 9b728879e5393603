package dev.tailrace.view;

/** Rules of the configuration that do not fit a table. The message names the key and the table. */
final class ViewProblem extends Exception {
    private static final long serialVersionUID = 1L;

    ViewProblem(String message) {
        super(message);
    }
}
