package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import org.jspecify.annotations.Nullable;

/** Options that every verb has. */
final class VerbOptions {
    @Parameter(names = {"-c", "--config"})
    @Nullable
    String config;

    @Parameter(names = "--json")
    boolean json;

    @Parameter(
            names = {"-h", "--help"},
            help = true)
    boolean help;
}
