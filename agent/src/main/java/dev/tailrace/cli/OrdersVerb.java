package dev.tailrace.cli;

import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.OperatorLog;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.deadletter.DeadLetterDesk;
import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.DeadLetterLog;
import dev.tailrace.sink.EventJson;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code tailrace orders}: what operators ordered of this agent, whatever the verb. */
final class OrdersVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Override
    public String name() {
        return "orders";
    }

    @Override
    public String summary() {
        return "show what operators ordered: pause, resume, approvals, dead letters";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace orders [-c FILE] [--json]

                Who ordered what, when and why, oldest first: pause and resume, schema approve, and the
                orders of dlq. The user's name is what the command line knew; nobody has proven it.

                Exit codes: 0 done; 1 the orders cannot be read; 2 the configuration or the command line is invalid.

                Example:
                  tailrace orders
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        AgentConfiguration agent = ConfigurationFile.valid(options, terminal).agent();
        List<OperatorLog.Order> orders = new ArrayList<>();
        try {
            orders.addAll(OperatorLog.in(agent.dataDirectory()).orders());
            for (SinkConfiguration sink : agent.sinks()) {
                orders.addAll(ofLetters(agent, sink.name()));
            }
        } catch (IOException | DeadLetterException e) {
            throw new Failure(ExitCode.FAILED, "ADMIN-ORDER", "the orders cannot be read: " + e.getMessage(), "", e);
        }
        orders.sort(Comparator.comparing(order -> Instant.parse(order.at())));
        if (options.json) {
            terminal.out().println(StatusJson.pretty(Map.of("orders", orders)));
        } else if (orders.isEmpty()) {
            terminal.out().println("no order was given");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("AT", "OPERATOR", "ORDER", "OBJECT", "REASON"));
            orders.forEach(o -> rows.add(List.of(o.at(), o.operator(), o.action(), o.object(), o.reason())));
            terminal.out().print(Terminal.table(rows));
        }
        return ExitCode.DONE;
    }

    private static List<OperatorLog.Order> ofLetters(AgentConfiguration agent, String sink) throws DeadLetterException {
        try (DeadLetterDesk desk = DeadLetterDesk.at(DeadLetterLog.file(agent.dataDirectory(), sink), "")) {
            return desk.orders().stream()
                    .map(order -> new OperatorLog.Order(
                            EventJson.timestampWithZone(order.atMicros()),
                            order.operator(),
                            "dlq " + order.action(),
                            sink + " " + order.eventId(),
                            order.reason()))
                    .toList();
        }
    }
}
