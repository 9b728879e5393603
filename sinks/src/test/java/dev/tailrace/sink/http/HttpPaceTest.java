package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A receiver gets as much at a time as it takes. */
class HttpPaceTest {
    @AutoClose
    private final HttpRig http = new HttpRig();

    @Test
    void aReceiverThatTakesLittleAtATimeGetsEachChangeOnce() throws Exception {
        AtomicInteger allowance = new AtomicInteger();
        http.receiver.script((r, exchange, request) -> {
            if (allowance.decrementAndGet() < 0) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(429, -1);
            } else {
                Receiver.accept(r, exchange, request);
            }
        });
        ChangeStream stream = HttpRig.inserts(200);
        Batch batch = stream.frames().get(0).batch();
        SinkFactory.Definition definition = http.definition(Map.of("batch-events", 10, "connections", 4));
        int attempts = 0;
        boolean done = false;
        while (!done) {
            assertThat(++attempts).as("no attempt gets it on").isLessThan(20);
            allowance.set(3);
            done = attempt(definition, batch);
        }
        assertThat(http.receiver.changes())
                .extracting(c -> c.get("id").textValue())
                .doesNotHaveDuplicates()
                .hasSize(200);
    }

    private boolean attempt(SinkFactory.Definition definition, Batch batch) {
        try {
            http.write(definition, batch);
            return true;
        } catch (SinkException e) {
            assertThat(e.disposition()).isEqualTo(Disposition.RETRY);
            assertThat(e.code()).isEqualTo("HTTP-THROTTLED");
            return false;
        }
    }

    /** Two requests at a time meet at the barrier; one alone waits for nobody. */
    @Test
    void lessIsOnItsWayAfterAThrottleAndMoreAgainAfterEachBatch() throws Exception {
        SinkFactory.Definition definition =
                http.definition(Map.of("batch-events", 1, "connections", 2, "timeout", "20s"));
        Batch batch = HttpRig.inserts(40).frames().get(0).batch();
        assertThat(mostAtOnce(definition, batch)).as("at first").isEqualTo(2);
        http.receiver.script(Receiver.status(429));
        assertThat(attempt(definition, HttpRig.inserts(3).frames().get(0).batch()))
                .isFalse();
        assertThat(mostAtOnce(definition, batch)).as("after a 429").isEqualTo(1);
        assertThat(mostAtOnce(definition, batch)).as("after a batch").isEqualTo(2);
    }

    private int mostAtOnce(SinkFactory.Definition definition, Batch batch) throws SinkException {
        CyclicBarrier meeting = new CyclicBarrier(2);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger first = new AtomicInteger();
        http.receiver.script((r, exchange, request) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            if (first.incrementAndGet() <= 2) {
                try {
                    meeting.await(1, TimeUnit.SECONDS);
                } catch (TimeoutException | java.util.concurrent.BrokenBarrierException e) {
                    // it is alone
                    most.accumulateAndGet(1, Math::max);
                }
            }
            running.decrementAndGet();
            Receiver.accept(r, exchange, request);
        });
        http.write(definition, batch);
        return most.get();
    }
}
