package dev.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.ChangeStream.Frame;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The half of {@link SinkContract} that is about data: what every kind of change and transaction leaves at the target. */
abstract class ChangesContract {
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

    /** Whether a table without a primary key is taken. */
    protected boolean keyless() {
        return false;
    }

    /** Whether a table may get a new nullable column between two changes. */
    protected boolean widens() {
        return true;
    }

    /** The table with the oddest names that the target can hold. */
    protected TableSchema odd() {
        return TestSchemas.ODD;
    }

    /** A second table, whose name is as close to the first one's as the target can tell. */
    protected TableSchema second() {
        return TestSchemas.ORDERS_UPPER;
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

    final Delivery delivery() {
        return new Delivery(target, directory, keepsLog(), exactlyOnce());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void takesAHistory(long seed) throws Exception {
        ChangeStream stream = RandomHistory.of(seed, 120, keyless(), true, odd(), second());
        try (Delivery delivery = delivery()) {
            delivery.deliver(stream.frames(), seed);
            delivery.assertHolds(stream.frames(), "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void endsUpRightAfterFailuresAndRestarts(long seed) throws Exception {
        ChangeStream stream = RandomHistory.of(seed, 120, keyless(), true, odd(), second());
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
                .insert(second(), 1L, "stays")
                .truncate(TestSchemas.ORDERS)
                .insert(TestSchemas.ORDERS, 1L, 1, "after", null, null)
                .commit();
        assertOneBatch(stream);
    }

    @Test
    void aTransactionWithoutChangesMovesTheCheckpoint() throws Exception {
        ChangeStream stream = new ChangeStream();
        Frame frame = stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        try (Delivery delivery = delivery()) {
            delivery.open();
            assertThat(delivery.write(withoutChanges(frame))).isEqualTo(WriteResult.DURABLE);
            delivery.reopen();
            delivery.assertHolds(List.of(), "nothing was written");
        }
    }

    @Test
    void takesChangesOutOfTheirTurnAndKeepsItsPlace() throws Exception {
        ChangeStream stream = new ChangeStream();
        Frame waiting = stream.insert(TestSchemas.ORDERS, 1L, 1, "waits", "d", null)
                .update(TestSchemas.ORDERS, 1L, 2, "waits too", Row.absent(), null)
                .rekey(TestSchemas.ORDERS, List.of(1L), 3L, 2, "under another key", "d", null)
                .commit();
        Frame next = stream.insert(TestSchemas.ORDERS, 2L, 1, "b", "d", null).commit();
        try (Delivery delivery = delivery()) {
            delivery.open();
            delivery.write(withoutChanges(waiting));
            delivery.write(next.batch());
            delivery.redrive("start-1-1", waiting.batch());
            delivery.reopen();
            delivery.assertHolds(stream.frames(), "written late");
            Frame last = stream.update(TestSchemas.ORDERS, 3L, 3, "in its turn", Row.absent(), null)
                    .commit();
            delivery.write(last.batch());
            delivery.reopen();
            delivery.assertHolds(stream.frames(), "goes on");
        }
    }

    /** All of its changes had to wait. */
    private static Batch withoutChanges(Frame frame) {
        Batch batch = frame.batch();
        Transaction of = batch.transactions().get(0);
        return new Batch(
                List.of(Transaction.whole(of.id(), of.position(), of.commitMicros(), List.of())), batch.checkpoint());
    }

    @Test
    void takesOddNames() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(odd(), "s", "käy '\" \\", 1L, "id", "x").commit();
        stream.update(odd(), "t", "käy '\" \\", 1L, null, "y").commit();
        stream.rekey(odd(), List.of(1L, "käy '\" \\"), "t", "k", 2L, null, "z")
                .insert(odd(), "s", "gone", 3L, "id", "x")
                .delete(odd(), 3L, "gone")
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
