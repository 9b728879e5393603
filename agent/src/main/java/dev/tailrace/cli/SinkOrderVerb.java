package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.OperatorLog;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.agent.SinkPauses;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code tailrace pause} and {@code tailrace resume}: stop one sink and let it go on, also over restarts. */
final class SinkOrderVerb implements Verb {
    private final SinkOrder order;

    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> sinks = new ArrayList<>();

    @Parameter(names = "--reason")
    private String reason = "";

    SinkOrderVerb(SinkOrder order) {
        this.order = order;
    }

    @Override
    public String name() {
        return order.label();
    }

    @Override
    public String summary() {
        return order == SinkOrder.PAUSE
                ? "stop delivery to a sink until it is resumed"
                : "let a paused or halted sink go on";
    }

    @Override
    public String help() {
        String what = order == SinkOrder.PAUSE ? """
                Finishes what is being written, closes the connection, and delivers nothing until "tailrace resume",
                also after a restart. The journal keeps what the sink misses, within its disk budget.
                """ : """
                A paused sink goes on where it stopped; a halted one tries again; one that waits for its next
                attempt makes it at once.
                """;
        return "Usage: tailrace " + name() + " SINK... [--reason TEXT] [-c FILE] [--json]\n\n" + what + """

                Beside a running agent, which acts at once, or without one: then the next start acts.

                  --reason TEXT  kept in the list of orders (tailrace orders)

                Exit codes: 0 done; 1 the order could not be given; 2 there is no such sink, or the
                configuration or the command line is invalid.

                Example:
                  tailrace\s""" + name()
                + " warehouse --reason \"its disk is being changed\"\n";
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        if (sinks.isEmpty()) {
            throw usage(name() + " takes the name of a sink");
        }
        AgentConfiguration agent = ConfigurationFile.valid(options, terminal).agent();
        List<String> known = agent.sinks().stream().map(SinkConfiguration::name).toList();
        for (String sink : sinks) {
            if (!known.contains(sink)) {
                throw usage("there is no sink " + sink + "; there are " + String.join(", ", known));
            }
        }
        boolean running = true;
        for (String sink : sinks) {
            running &= give(agent, sink);
        }
        if (options.json) {
            terminal.out().println(StatusJson.pretty(Map.of("order", name(), "sinks", sinks, "running", running)));
        } else {
            String done = order == SinkOrder.PAUSE ? "paused" : "resumed";
            for (String sink : sinks) {
                terminal.out().println(sink + " is " + done + (running ? "" : " from the agent's next start on"));
            }
        }
        return ExitCode.DONE;
    }

    /** @return whether an agent runs and took it */
    private boolean give(AgentConfiguration agent, String sink) throws Failure {
        try {
            if (AdminClient.order(agent.admin(), order, sink, reason)) {
                return true;
            }
            throw new Failure(
                    ExitCode.FAILED,
                    "SINK-UNKNOWN",
                    "the running agent has no sink " + sink,
                    "It was started with another configuration: restart it, or name that file with -c.",
                    null);
        } catch (AdminException e) {
            if (!e.code().equals("ADMIN-UNREACHABLE")) {
                throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
            }
        }
        if (Files.notExists(agent.dataDirectory())) {
            throw new Failure(
                    ExitCode.FAILED,
                    "JOURNAL-MISSING",
                    "there is no " + agent.dataDirectory() + " yet",
                    "It is created by the first start of the agent.",
                    null);
        }
        try {
            SinkPauses pauses = SinkPauses.in(agent.dataDirectory());
            if (order == SinkOrder.PAUSE) {
                pauses.pause(sink);
            } else {
                pauses.resume(sink);
            }
            OperatorLog.in(agent.dataDirectory())
                    .add(OperatorLog.Order.now(AdminClient.operator(), name(), sink, reason));
            return false;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "ADMIN-ORDER",
                    "the order cannot be kept in " + agent.dataDirectory() + ": " + e,
                    "Run it as the agent's user or as root.",
                    e);
        }
    }

    private Failure usage(String message) {
        return new Failure(ExitCode.CONFIGURATION, "USAGE", message, "tailrace " + name() + " --help", null);
    }
}
