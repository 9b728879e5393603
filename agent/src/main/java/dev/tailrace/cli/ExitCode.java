package dev.tailrace.cli;

/** The exit codes, documented in docs/cli.md. A signal's is 128 plus its number. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** Also a wrong command line. */
    static final int CONFIGURATION = 2;
    /** Only an operator mends it; also what {@code check} finds. */
    static final int PREFLIGHT = 3;

    private ExitCode() {}
}
