package dev.tailrace.cli;

/** One word behind {@code tailrace}. Its fields are filled by JCommander before {@link #run}. */
interface Verb {

    /** The word. */
    String name();

    /** What it does, in one line. */
    String summary();

    /** Usage, options and an example. */
    String help();

    /** The options that every verb has. */
    VerbOptions options();

    /** @return the exit code */
    int run(Terminal terminal) throws Failure;
}
