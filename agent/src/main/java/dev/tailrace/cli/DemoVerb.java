package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.demo.Demo;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code tailrace demo}: a whole installation for a minute, killed on the way and compared in the end. */
final class DemoVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter(names = "--directory")
    private @Nullable String directory;

    @Parameter(names = "--keep")
    private boolean keep;

    @Parameter(names = "--seconds")
    private int seconds = 20;

    @Parameter(names = "--seed")
    private @Nullable Long seed;

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "show it at work on a database of its own, with a kill -9 on the way";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace demo [--seconds N] [--seed N] [--directory DIR] [--keep] [--json]

                Starts a PostgreSQL of its own with a small shop, an agent that delivers to a second database, an
                HTTP receiver and files, kills the agent with SIGKILL on the way, starts it again, and compares
                the source with all targets in the end. Needs no configuration and touches nothing else.

                  --seconds N      how long the shop is open; default 20
                  --seed N         of the traffic; default random, printed
                  --directory DIR  where everything is written; must be empty; default a temporary one
                  --keep           keeps what was written
                  --json           one JSON object at the end

                Exit codes: 0 verified; 1 failed; 4 differences found.

                Example:
                  tailrace demo --seconds 30
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        long chosen = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
        Demo.Options demo = new Demo.Options(
                Optional.ofNullable(directory).map(Path::of), keep, options.json, Math.max(2, seconds), chosen);
        if (!options.json) {
            terminal.out().println("seed " + chosen);
        }
        Signals signals = new Signals();
        Thread caller = Thread.currentThread();
        try (Demo running = new Demo(demo, terminal.out())) {
            signals.listen(caller::interrupt, caller::interrupt);
            return running.run();
        } catch (NoClassDefFoundError e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "DEMO-INCOMPLETE",
                    "the demonstration's database server is not on the class path: " + e.getMessage(),
                    "Start it with bin/tailrace of a whole distribution.",
                    e);
        } catch (Exception e) {
            if (signals.exitCode() != 0) {
                return signals.exitCode();
            }
            throw new Failure(ExitCode.FAILED, "DEMO-FAILED", String.valueOf(e.getMessage()), "", e);
        }
    }
}
