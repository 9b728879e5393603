package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.demo.Demo;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
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

    @Parameter(names = "--source")
    private String source = "postgres";

    @Parameter(names = "--mysql-home")
    private @Nullable String mysqlHome;

    @Parameter(names = "--gtid")
    private String gtid = "on";

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
                Usage: tailrace demo [--source postgres|mysql] [--mysql-home DIR] [--gtid on|off] [--seconds N]
                                     [--seed N] [--directory DIR] [--keep] [--json]

                Starts a database server of its own with a small shop, an agent that delivers to a database in
                PostgreSQL, an HTTP receiver and files, kills the agent with SIGKILL on the way, starts it again,
                and compares the source with all targets in the end. Needs no configuration and touches nothing
                else.

                  --source KIND    what the shop's server is: postgres (the default) or mysql
                  --mysql-home DIR of a MySQL's programs, with bin/mysqld; scripts/quickstart finds or fetches one
                  --gtid on|off    whether MySQL's transactions have global ids; default on
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
                Optional.ofNullable(directory).map(Path::of),
                keep,
                options.json,
                Math.max(2, seconds),
                chosen,
                mysql(),
                choice("--gtid", gtid, "on", "off").equals("on"));
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

    private Optional<Path> mysql() throws Failure {
        if (choice("--source", source, "postgres", "mysql").equals("postgres")) {
            return Optional.empty();
        }
        if (mysqlHome == null) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "DEMO-NO-MYSQL",
                    "--source mysql needs --mysql-home, the directory of a MySQL's programs",
                    "Use scripts/quickstart --source mysql, which finds or fetches them.",
                    null);
        }
        return Optional.of(Path.of(mysqlHome));
    }

    private static String choice(String option, String given, String... allowed) throws Failure {
        if (!List.of(allowed).contains(given)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "DEMO-OPTION",
                    option + " is " + given + ", but must be " + String.join(" or ", allowed),
                    "tailrace help demo explains the options.",
                    null);
        }
        return given;
    }
}
