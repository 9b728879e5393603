package dev.tailrace.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.agent.Agent;
import dev.tailrace.agent.Ending;
import dev.tailrace.agent.StartException;
import dev.tailrace.agent.Timing;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code tailrace run}: the agent, until a signal or a failure ends it. */
final class RunVerb implements Verb {
    private static final Logger LOG = LoggerFactory.getLogger(RunVerb.class);

    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "run the agent until it is stopped";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace run [-c FILE] [--json]

                Captures the source and delivers to all sinks. Logs to standard output. The first SIGTERM or
                SIGINT stops in order: capture first, then what is journaled is delivered for up to 20 seconds;
                the second one waits for nothing. Nothing is lost either way.

                  -c FILE  the configuration; default /etc/tailrace/tailrace.yaml
                  --json   the log as JSON, one object a line

                Exit codes: 1 failed, start it again; 2 the configuration is invalid; 3 only an operator can
                mend what stopped it; 130, 143 by signal.

                Example:
                  tailrace run -c /etc/tailrace/tailrace.yaml
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        if (options.json) {
            logAsJson();
        }
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        Agent agent = new Agent(file.agent(), Clock.systemUTC(), Timing.STANDARD);
        Signals signals = new Signals();
        signals.listen(agent::stop, agent::hurry);
        try {
            agent.start(file.configuration().effective());
            Ending ending = agent.await();
            return exitCode(ending, signals);
        } catch (StartException e) {
            if (signals.exitCode() != 0) {
                return signals.exitCode(); // stopped while the start waited
            }
            throw new Failure(
                    e.mendedByTime() ? ExitCode.FAILED : ExitCode.PREFLIGHT,
                    e.code(),
                    String.valueOf(e.getMessage()),
                    e.remedy(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static int exitCode(Ending ending, Signals signals) {
        Problem problem = ending.problem();
        if (problem != null) {
            LOG.error("ended: {}: {}\n  {}", problem.code(), problem.message(), problem.remedy());
        }
        return switch (ending.kind()) {
            case STOPPED -> signals.exitCode();
            case FAILED -> ExitCode.FAILED;
            case HALTED -> ExitCode.PREFLIGHT;
        };
    }

    private static void logAsJson() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithFormattedMessage(true);
            encoder.setWithMessage(false);
            encoder.setWithArguments(false);
            encoder.setWithSequenceNumber(false);
            encoder.setWithContext(false);
            encoder.start();
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setContext(context);
            console.setEncoder(encoder);
            console.start();
            ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
            root.detachAndStopAllAppenders();
            root.addAppender(console);
        }
    }
}
