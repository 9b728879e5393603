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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promises of {@link Sink}, tested against a real target. Every sink has a test that extends this, hands over a
 * {@link TargetPort} and overrides what its target cannot do.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SinkContract {
    private static final Duration PROMPTLY = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    /** The target of the running test. */
    protected TargetPort target;

    /** A new, empty target. */
    protected abstract TargetPort target(Path directory) throws Exception;

    /** Whether the target keeps every change it was given, with its id. */
    protected boolean keepsLog() {
        return false;
    }

    /** Whether a change that is handed over again leaves no second trace. */
    protected boolean exactlyOnce() {
        return true;
    }

    /** Whether parts of a big transaction stay invisible until its end. */
    protected boolean atomicParts() {
        return true;
    }

    /** Whether the target refuses an epoch lower than the highest it has seen. */
    protected boolean fences() {
        return true;
    }

    /** Whether a second holder can open while the first one is, which fences the first. */
    protected boolean fencesLiveHolder() {
        return fences();
    }

    /** Whether a table without a primary key is taken. */
    protected boolean keyless() {
        return false;
    }

    /** Whether a table may get a new nullable column between two changes. */
    protected boolean widens() {
        return true;
    }

    @BeforeEach
    final void startTarget() throws Exception {
        target = target(directory);
    }

    @AfterEach
    final void stopTarget() throws Exception {
        if (target != null) {
            target.close();
        }
    }

    private Delivery delivery() {
        return new Delivery(target, directory, keepsLog(), exactlyOnce());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void takesAHistory(long seed) throws Exception {
        ChangeStream stream = RandomHistory.of(seed, 120, keyless(), true);
        try (Delivery delivery = delivery()) {
            delivery.deliver(stream.frames(), seed);
            delivery.assertHolds(stream.frames(), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void endsUpRightAfterFailuresAndRestarts(long seed) throws Exception {
        ChangeStream stream = RandomHistory.of(seed, 120, keyless(), true);
        try (Delivery delivery = delivery()) {
            delivery.deliverWithTrouble(stream.frames(), seed);
            delivery.assertHolds(stream.frames(), "seed " + seed);
        }
    }

    @Test
    void takesTheSameKeyManyTimesInOneBatch() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "first", "document", null).commit();
        stream.update(TestSchemas.ORDERS, 1L, 2, "second", Row.absent(), null)
                .update(TestSchemas.ORDERS, 1L, 3, "third", Row.absent(), null)
                .delete(TestSchemas.ORDERS, 1L)
                .insert(TestSchemas.ORDERS, 1L, 4, "fourth", "other", null)
                .update(TestSchemas.ORDERS, 1L, 5, "fifth", Row.absent(), null)
                .commit();
        assertOneBatch(stream);
    }

    @Test
    void leavesAbsentColumnsAlone() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "long document", null).commit();
        stream.update(TestSchemas.ORDERS, 1L, 1, "b", Row.absent(), null).commit();
        stream.update(TestSchemas.ORDERS, 1L, null, null, Row.absent(), null).commit();
        assertEachAlone(stream);
    }

    @Test
    void movesRowsToAnotherKey() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "document of a", null)
                .insert(TestSchemas.ORDERS, 2L, 2, "b", "document of b", null)
                .commit();
        // A swap over a third key, then a new row at a key that became free.
        stream.rekey(TestSchemas.ORDERS, List.of(1L), 3L, 1, "a", Row.absent(), null)
                .rekey(TestSchemas.ORDERS, List.of(2L), 1L, 2, "b", Row.absent(), null)
                .rekey(TestSchemas.ORDERS, List.of(3L), 2L, 1, "a", Row.absent(), null)
                .rekey(TestSchemas.ORDERS, List.of(2L), 4L, 1, "a moved", Row.absent(), null)
                .insert(TestSchemas.ORDERS, 2L, 9, "new", "new", null)
                .commit();
        stream.rekey(TestSchemas.ORDERS, List.of(4L), 5L, 1, "a again", Row.absent(), null)
                .delete(TestSchemas.ORDERS, 5L)
                .commit();
        assertEachAlone(stream);
    }

    @Test
    void truncatesBetweenChanges() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "before", "document", null)
                .insert(TestSchemas.ORDERS, 2L, 1, "before", "document", null)
                .insert(TestSchemas.ORDERS_UPPER, 1L, "stays")
                .truncate(TestSchemas.ORDERS)
                .insert(TestSchemas.ORDERS, 1L, 1, "after", null, null)
                .commit();
        assertOneBatch(stream);
    }

    @Test
    void takesOddNames() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ODD, "s", "käy '\" \\", 1L, "id", "x").commit();
        stream.update(TestSchemas.ODD, "t", "käy '\" \\", 1L, null, "y").commit();
        stream.rekey(TestSchemas.ODD, List.of(1L, "käy '\" \\"), "t", "k", 2L, null, "z")
                .insert(TestSchemas.ODD, "s", "gone", 3L, "id", "x")
                .delete(TestSchemas.ODD, 3L, "gone")
                .commit();
        assertEachAlone(stream);
    }

    @Test
    void takesANewColumn() throws Exception {
        assumeTrue(widens(), "the target's tables do not change");
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        stream.insert(TestSchemas.ORDERS_WIDER, 2L, 1, "a", "d", null, "red")
                .update(TestSchemas.ORDERS_WIDER, 1L, 1, "a", Row.absent(), null, "blue")
                .commit();
        assertEachAlone(stream);
    }

    @Test
    void keepsPartsInvisibleUntilTheTransactionEnds() throws Exception {
        assumeTrue(atomicParts(), "the target has no transactions");
        ChangeStream stream = new ChangeStream();
        Frame whole =
                stream.insert(TestSchemas.ORDERS, 1L, 1, "whole", "d", null).commit();
        Frame first =
                stream.insert(TestSchemas.ORDERS, 2L, 1, "part", "d", null).part();
        Frame second = stream.update(TestSchemas.ORDERS, 1L, 2, "part", Row.absent(), null)
                .part();
        Frame last = stream.commit();
        try (Delivery delivery = delivery()) {
            delivery.open();
            assertThat(delivery.write(whole.batch())).isEqualTo(WriteResult.DURABLE);
            assertThat(delivery.write(first.batch())).isEqualTo(WriteResult.PENDING);
            assertThat(delivery.write(second.batch())).isEqualTo(WriteResult.PENDING);
            delivery.assertHolds(List.of(whole), "parts are not visible");
            delivery.reopen();
            delivery.assertHolds(List.of(whole), "parts are rolled back by close");
            assertThat(delivery.durable()).isEqualTo(whole.sequence());
            delivery.write(first.batch());
            delivery.write(second.batch());
            assertThat(delivery.write(last.batch())).isEqualTo(WriteResult.DURABLE);
            delivery.assertHolds(stream.frames(), "the last part, empty, completes the transaction");
        }
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
        ChangeStream stream = RandomHistory.of(5, 20, keyless(), true);
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

    private void assertOneBatch(ChangeStream stream) throws Exception {
        try (Delivery delivery = delivery()) {
            delivery.open();
            assertThat(delivery.write(ChangeStream.batch(stream.frames()))).isEqualTo(WriteResult.DURABLE);
            delivery.assertHolds(stream.frames(), "in one batch");
        }
    }

    /** Each frame in a batch of its own, the contents compared after each; then all frames as one batch elsewhere. */
    private void assertEachAlone(ChangeStream stream) throws Exception {
        try (Delivery delivery = delivery()) {
            delivery.open();
            for (int i = 0; i < stream.frames().size(); i++) {
                assertThat(delivery.write(stream.frames().get(i).batch())).isEqualTo(WriteResult.DURABLE);
                delivery.assertHolds(stream.frames().subList(0, i + 1), "after frame " + (i + 1));
            }
        }
        target.close();
        target = target(directory.resolve("second"));
        assertOneBatch(stream);
    }
}
