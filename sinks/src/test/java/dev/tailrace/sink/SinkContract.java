package dev.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tailrace.event.Row;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.TargetPort.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of {@link Sink}, tested against a real target: what becomes of changes, inherited, and here the sink's
 * life, its failures and its fencing. Every sink has a test that extends this, hands over a {@link TargetPort} and
 * overrides what its target cannot do.
 */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SinkContract extends ChangesContract {
    private static final Duration PROMPTLY = Duration.ofSeconds(30);

    /** Whether the target refuses an epoch lower than the highest it has seen. */
    protected boolean fences() {
        return true;
    }

    /** Whether a second holder can open while the first one is, which fences the first. */
    protected boolean fencesLiveHolder() {
        return fences();
    }

    @Test
    void hasNoCheckpointBeforeTheFirstWrite() throws Exception {
        try (Sink sink = target.definition().create()) {
            assumeTrue(sink instanceof CheckpointingSink, "the agent keeps the checkpoint");
            sink.open(Delivery.context(directory, 1));
            assertThat(((CheckpointingSink) sink).checkpoint()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void closesTwiceAndUnopened() throws Exception {
        Sink unopened = target.definition().create();
        assertThatCode(unopened::close).doesNotThrowAnyException();
        Sink sink = target.definition().create();
        sink.open(Delivery.context(directory, 1));
        sink.close();
        assertThatCode(sink::close).doesNotThrowAnyException();
    }

    @Test
    void asksForARetryWhenTheTargetIsDown() throws Exception {
        assumeTrue(target.faults().contains(Fault.DOWN));
        ChangeStream stream = new ChangeStream();
        Frame first = stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        Frame second = stream.insert(TestSchemas.ORDERS, 2L, 1, "a", "d", null).commit();
        try (Delivery delivery = delivery()) {
            delivery.open();
            delivery.write(first.batch());
            target.script(Fault.DOWN);
            SinkException failure = catchThrowableOfType(SinkException.class, () -> delivery.write(second.batch()));
            assertThat(failure).isNotNull();
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            assertThatCode(delivery::closeSink).doesNotThrowAnyException();
            target.heal();
            delivery.open();
            delivery.write(second.batch());
            delivery.assertHolds(stream.frames(), "after the target came back");
        }
    }

    @Test
    void endsPromptlyWhenInterrupted() throws Exception {
        assumeTrue(target.faults().contains(Fault.HOLD));
        ChangeStream stream = new ChangeStream();
        Frame first = stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        Frame held = stream.update(TestSchemas.ORDERS, 1L, 2, "b", Row.absent(), null)
                .commit();
        try (Delivery delivery = delivery()) {
            delivery.open();
            delivery.write(first.batch());
            target.script(Fault.HOLD);
            CompletableFuture<WriteResult> outcome = new CompletableFuture<>();
            Thread writer = new Thread(() -> complete(outcome, delivery, held), "contract-writer");
            writer.start();
            target.awaitHeld();
            writer.interrupt();
            writer.join(PROMPTLY.toMillis());
            assertThat(writer.isAlive()).as("still in write after an interrupt").isFalse();
            if (outcome.isCompletedExceptionally()) {
                CompletionException failure = catchThrowableOfType(CompletionException.class, outcome::join);
                assertThat(failure.getCause()).isInstanceOf(SinkException.class);
                assertThat(((SinkException) failure.getCause()).disposition()).isEqualTo(Disposition.RETRY);
            }
            target.heal();
            delivery.closeSink();
            delivery.open();
            delivery.deliver(stream.frames(), 1);
            delivery.assertHolds(stream.frames(), "after the interrupt");
        }
    }

    private static void complete(CompletableFuture<WriteResult> outcome, Delivery delivery, Frame frame) {
        try {
            outcome.complete(delivery.write(frame.batch()));
        } catch (SinkException | RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }

    @Test
    void refusesALowerEpoch() throws Exception {
        assumeTrue(fences(), "the target cannot fence");
        try (Sink newer = target.definition().create()) {
            newer.open(Delivery.context(directory, 7));
        }
        try (Sink older = target.definition().create()) {
            SinkException failure =
                    catchThrowableOfType(SinkException.class, () -> older.open(Delivery.context(directory, 6)));
            assertThat(failure).isNotNull();
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
            assertThat(failure.remedy()).isNotBlank();
        }
        try (Sink same = target.definition().create()) {
            same.open(Delivery.context(directory, 7));
        }
    }

    @Test
    void fencesALiveHolder() throws Exception {
        assumeTrue(fencesLiveHolder(), "the target cannot fence a live holder");
        ChangeStream stream = new ChangeStream();
        Frame first = stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        Frame zombies =
                stream.insert(TestSchemas.ORDERS, 2L, 1, "zombie", "d", null).commit();
        try (Sink zombie = target.definition().create();
                Sink holder = target.definition().create()) {
            zombie.open(Delivery.context(directory, 1));
            zombie.write(first.batch());
            holder.open(Delivery.context(directory, 2));
            SinkException failure = catchThrowableOfType(SinkException.class, () -> zombie.write(zombies.batch()));
            assertThat(failure).isNotNull();
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
            assertThat(target.contents().rows())
                    .isEqualTo(Contents.of(first.transaction().events()).rows());
        }
    }

    @Test
    void showsNoValueAndNoSecretInFailures() throws Exception {
        String value = "V4LUE-that-no-message-shows";
        for (Fault fault : Set.copyOf(target.faults())) {
            if (fault == Fault.HOLD) {
                continue;
            }
            target.close();
            target = target(directory.resolve(fault.name()));
            ChangeStream stream = new ChangeStream();
            stream.insert(TestSchemas.ORDERS, 1L, 1, value, value, null).commit();
            try (Sink sink = target.definition().create()) {
                sink.open(Delivery.context(directory, 1));
                target.script(fault);
                SinkException failure = catchThrowableOfType(
                        SinkException.class,
                        () -> sink.write(stream.frames().get(0).batch()));
                assertThat(failure).as("%s went unnoticed", fault).isNotNull();
                assertThat(failure.disposition())
                        .as("%s", fault)
                        .isEqualTo(fault == Fault.REJECT ? Disposition.REJECT : Disposition.RETRY);
                assertThat(failure.code()).matches("[A-Z0-9]+(-[A-Z0-9]+)*");
                StringWriter shown = new StringWriter();
                failure.printStackTrace(new PrintWriter(shown, true));
                assertThat(shown + failure.remedy() + target.definition())
                        .as("%s", fault)
                        .doesNotContain(value);
                for (String secret : target.secrets()) {
                    assertThat(shown + failure.remedy() + target.definition())
                            .as("%s", fault)
                            .doesNotContain(secret);
                }
            } finally {
                target.heal();
            }
        }
    }

    @Test
    void findsNothingToMendBeforeTheStart() {
        assertThat(target.definition().preflight(Delivery.context(directory, 1)))
                .isEmpty();
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        ChangeStream stream = RandomHistory.of(5, 20, keyless(), true, odd(), second());
        List<Thread> before = liveThreads();
        try (Delivery delivery = delivery()) {
            delivery.deliver(stream.frames(), 5);
        }
        for (Thread thread : liveThreads()) {
            if (!before.contains(thread) && thread.getName().startsWith("tailrace-")) {
                thread.join(TimeUnit.SECONDS.toMillis(10));
                assertThat(thread.isAlive())
                        .as("thread %s after close", thread.getName())
                        .isFalse();
            }
        }
    }

    private static List<Thread> liveThreads() {
        return List.copyOf(Thread.getAllStackTraces().keySet());
    }
}
