package dev.tailrace.agent;

import dev.tailrace.admin.AdminView.Approval;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.pipeline.Pipeline;
import dev.tailrace.pipeline.PipelineStatus;
import dev.tailrace.sink.HeldTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the orders that operators give to a running agent, and keeps them. Thread-safe. */
final class Control {
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    private final SinkPauses pauses;
    private final OperatorLog orders;
    private volatile List<Pipeline> pipelines = List.of();

    Control(Path dataDirectory) {
        this.pauses = SinkPauses.in(dataDirectory);
        this.orders = OperatorLog.in(dataDirectory);
    }

    /** Takes the pipelines over before they start; those that were paused stay so. */
    void over(List<Pipeline> begun) {
        pipelines = List.copyOf(begun);
        for (Pipeline pipeline : begun) {
            if (pauses.isPaused(pipeline.status().name())) {
                LOG.warn(
                        "sink {} is paused by an operator's order; tailrace resume {} lets it go on",
                        pipeline.status().name(),
                        pipeline.status().name());
                pipeline.pause();
            }
        }
    }

    /**
     * Pauses or resumes a sink, durably.
     *
     * @return false when there is no such sink
     * @throws IOException when the order cannot be kept; then it is not carried out
     */
    boolean order(SinkOrder order, String sink, String operator, String reason) throws IOException {
        for (Pipeline pipeline : pipelines) {
            if (pipeline.status().name().equals(sink)) {
                switch (order) {
                    case PAUSE -> {
                        pauses.pause(sink);
                        pipeline.pause();
                    }
                    case RESUME -> {
                        pauses.resume(sink);
                        pipeline.resume();
                    }
                }
                keep(OperatorLog.Order.now(operator, order.label(), sink, reason));
                return true;
            }
        }
        return false;
    }

    /** Lets a held table of a sink go on. */
    Approval approve(String sink, String table, String operator) {
        for (Pipeline pipeline : pipelines) {
            PipelineStatus status = pipeline.status();
            if (status.name().equals(sink)) {
                if (status.held() == null) {
                    return Approval.UNKNOWN;
                }
                for (HeldTable held : status.held()) {
                    if (held.table().toString().equals(table)) {
                        pipeline.approve(held.table());
                        keep(OperatorLog.Order.now(operator, "schema approve", sink + " " + table, ""));
                        return Approval.GIVEN;
                    }
                }
            }
        }
        return Approval.NOT_HELD;
    }

    /** What is done is not undone because nobody could write it down. */
    private void keep(OperatorLog.Order order) {
        LOG.info("{} orders: {} {}{}", order.operator(), order.action(), order.object(), because(order));
        try {
            orders.add(order);
        } catch (IOException e) {
            LOG.warn("AGENT-ORDERS: an order of {} could not be written down: {}", order.operator(), e.toString());
        }
    }

    private static String because(OperatorLog.Order order) {
        return order.reason().isEmpty() ? "" : " (" + order.reason() + ")";
    }
}
