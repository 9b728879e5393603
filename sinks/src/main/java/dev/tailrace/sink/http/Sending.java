package dev.tailrace.sink.http;

import dev.tailrace.event.EventId;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.SinkException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One phase of a batch on its way. A request whose content may be to blame for its answer is halved until the change is
 * found; that one's row is left alone from there on, and the others are sent. Used by the writing thread only.
 */
final class Sending {
    /** More than that are no bad records; the rest is not sent, and whoever counts refusals decides. */
    private static final int MOST_REFUSED = 20;

    private final Failures failures;
    private final FaultPoint faults;
    private final HttpClient client;
    private final Duration timeout;
    private final Function<Request, HttpRequest> prepared;
    private final List<Lane> lanes;
    private final Set<EventId> delivered;
    private final Concurrency concurrency;
    private final Deque<Lane> waiting = new ArrayDeque<>();
    private final Map<Integer, Exchange> running = new HashMap<>();
    private final BlockingQueue<Exchange> ended = new LinkedBlockingQueue<>();
    private final int deliveredBefore;
    private final boolean remainder;
    private final List<EventId> refused = new ArrayList<>();
    private @Nullable SinkException failure;
    private @Nullable SinkException refusal;

    /**
     * @param memory gets the ids of what was answered with 2xx
     * @param deliveredBefore how many it had before this attempt with the batch
     * @param remainder whether this is what an earlier attempt has left of the batch, or a single change
     */
    Sending(
            Failures failures,
            FaultPoint faults,
            HttpClient client,
            Duration timeout,
            Function<Request, HttpRequest> prepared,
            List<Lane> lanes,
            ReceiverMemory memory,
            int deliveredBefore,
            boolean remainder) {
        this.failures = failures;
        this.faults = faults;
        this.client = client;
        this.timeout = timeout;
        this.prepared = prepared;
        this.lanes = lanes;
        this.delivered = memory.delivered();
        this.deliveredBefore = deliveredBefore;
        this.remainder = remainder;
        this.concurrency = memory.concurrency();
    }

    /** Returns when all was answered with 2xx; leaves nothing running when it throws. */
    void run() throws SinkException {
        try {
            waiting.addAll(lanes);
            startWaiting();
            while (!running.isEmpty()) {
                finish(ended.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted();
        } finally {
            running.values().forEach(Exchange::cancel);
        }
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            throw failures.ofRefused(
                    refusal, refused, delivered.size() > deliveredBefore, remainder && refused.size() < MOST_REFUSED);
        }
    }

    /** After a failure nothing new is started; what is on its way may still be answered. */
    private void finish(Exchange exchange) {
        Request request = exchange.request();
        Lane lane = lanes.get(request.lane());
        running.remove(request.lane());
        faults.hit("sink.http.after-response");
        Exchange.Answer answer = exchange.answer();
        if (answer == null || exchange.failure() != null) {
            exchange.cancel();
        }
        if (answer == null) {
            Throwable broken = exchange.failure();
            concurrency.broken();
            failure = Failures.worse(
                    failure, failures.ofBreak(broken == null ? new IllegalStateException("no answer") : broken));
        } else if (answer.status() >= 200 && answer.status() <= 299) {
            delivered.addAll(request.ids());
        } else if (failures.mayBlameContent(answer.status())) {
            refuse(lane, request, answer);
        } else {
            slowDown(answer.status());
            failure = Failures.worse(failure, failures.ofAnswer(answer, request));
        }
        if (failure == null && refused.size() < MOST_REFUSED) {
            waiting.addLast(lane);
            startWaiting();
        }
    }

    private void refuse(Lane lane, Request request, Exchange.Answer answer) {
        if (request.parts().size() > 1) {
            lane.putBack(request.halves());
            return;
        }
        refused.addAll(request.ids());
        lane.block(request.parts().get(0).change());
        refusal = Failures.worse(refusal, failures.ofAnswer(answer, request));
    }

    private void slowDown(int status) {
        if (status == 429) {
            concurrency.throttled();
        } else {
            concurrency.broken();
        }
    }

    /** Of the lanes that have nothing on its way, as many as the receiver takes at a time. */
    private void startWaiting() {
        Lane lane;
        while (running.size() < concurrency.allowed() && (lane = waiting.poll()) != null) {
            Request request = lane.next();
            if (request != null) {
                Exchange exchange = new Exchange(request);
                running.put(request.lane(), exchange);
                faults.hit("sink.http.before-send");
                exchange.start(client, prepared.apply(request), timeout, ended);
            }
        }
    }
}
