package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.EventId;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.WriteResult;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What users of other sinks complain about, one test for each complaint. */
class NeighboursComplaintsTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    private int delivered;

    /** Everything since the last delivery, as one batch. */
    private Batch rest() {
        List<Frame> frames = stream.frames();
        return ChangeStream.batch(frames.subList(delivered, frames.size()));
    }

    private void deliver() throws SinkException {
        target.write(rest());
        delivered = stream.frames().size();
    }

    private SinkException refused(Batch batch) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(batch));
        assertThat(failure).as("the batch was taken").isNotNull();
        return failure;
    }

    private List<String> items() throws Exception {
        return target.query("SELECT id, name, doc FROM item ORDER BY id");
    }

    @Test
    @DisplayName("kafka-connect-jdbc #1242, airbyte #30518: placeholder values in the target")
    void placeholderValuesInTheTarget() throws Exception {
        stream.insert(ITEM, 1L, "a", "large").insert(ITEM, 2L, "b", "larger").commit();
        deliver();
        stream.update(ITEM, 1L, "c", Row.absent()).commit();
        stream.rekey(ITEM, List.of(2L), 3L, "d", Row.absent()).commit();
        stream.insert(ITEM, 4L, "e", "new").commit();
        stream.update(ITEM, 4L, "f", Row.absent()).commit();
        deliver();
        assertThat(items()).containsExactly("1|c|large", "3|d|larger", "4|f|new");
        assertThat(target.query("SELECT id FROM item WHERE doc LIKE '%" + UNAVAILABLE + "%'"))
                .isEmpty();
    }

    @Test
    @DisplayName("kafka-connect-jdbc: deletes are not applied")
    void deletesAreNotApplied() throws Exception {
        stream.insert(ITEM, 1L, "a", "x")
                .insert(ITEM, 2L, "b", "x")
                .insert(ITEM, 3L, "c", "x")
                .commit();
        deliver();
        stream.delete(ITEM, 1L).commit();
        stream.update(ITEM, 2L, "b2", "x").delete(ITEM, 2L).commit();
        stream.insert(ITEM, 4L, "d", "x").delete(ITEM, 4L).commit();
        stream.delete(ITEM, 99L).commit();
        deliver();
        assertThat(items()).containsExactly("3|c|x");
    }

    @Test
    @DisplayName("debezium jdbc: upserts first, deletes afterwards: a row that comes back is gone")
    void aRowThatComesBackIsGone() throws Exception {
        stream.insert(ITEM, 1L, "a", "x").commit();
        deliver();
        stream.delete(ITEM, 1L).insert(ITEM, 1L, "again", "y").commit();
        deliver();
        assertThat(items()).containsExactly("1|again|y");
    }

    @Test
    @DisplayName("kafka-connect-jdbc: primary key conflicts")
    void primaryKeyConflicts() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40), doc varchar(40))",
                "INSERT INTO item VALUES (1, 'loaded', 'by hand')");
        stream.read(ITEM, 1L, "snapshot", "x").commit();
        stream.insert(ITEM, 1L, "seen in the snapshot too", "x").commit();
        stream.insert(ITEM, 2L, "a", "x").update(ITEM, 2L, "b", "x").commit();
        stream.delete(ITEM, 2L).insert(ITEM, 2L, "c", "x").commit();
        stream.rekey(ITEM, List.of(2L), 3L, "d", "x").insert(ITEM, 2L, "e", "x").commit();
        deliver();
        assertThat(items()).containsExactly("1|seen in the snapshot too|x", "2|e|x", "3|d|x");
    }

    @Test
    @DisplayName("kafka-connect-jdbc #385: deadlocks with several tasks")
    void deadlocksWithSeveralTasks() throws Exception {
        stream.insert(ITEM, 1L, "a", "x").insert(ITEM, 2L, "b", "x").commit();
        deliver();
        ChangeStream one = new ChangeStream();
        Frame oneFirst = one.update(ITEM, 1L, "one", "x").part();
        Frame oneLast = one.update(ITEM, 2L, "one", "x").commit();
        ChangeStream two = new ChangeStream();
        Frame twoFirst = two.update(ITEM, 2L, "two", "x").part();
        Frame twoLast = two.update(ITEM, 1L, "two", "x").commit();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Sink first = opened("one");
                Sink second = opened("two")) {
            first.write(oneFirst.batch());
            second.write(twoFirst.batch());
            List<Future<WriteResult>> writes = List.of(last(threads, first, oneLast), last(threads, second, twoLast));
            List<Integer> lost = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try {
                    assertThat(writes.get(i).get()).isEqualTo(WriteResult.DURABLE);
                } catch (ExecutionException e) {
                    assertThat(((SinkException) e.getCause()).disposition()).isEqualTo(Disposition.RETRY);
                    assertThat(((SinkException) e.getCause()).code()).isEqualTo("JDBC-BUSY");
                    lost.add(i);
                }
            }
            assertThat(lost).as("the servers find the loser of a deadlock").hasSize(1);
            boolean oneLost = lost.get(0) == 0;
            try (Sink again = opened(oneLost ? "one" : "two")) {
                again.write((oneLost ? oneFirst : twoFirst).batch());
                assertThat(again.write((oneLost ? oneLast : twoLast).batch())).isEqualTo(WriteResult.DURABLE);
            }
            String winner = oneLost ? "one" : "two";
            assertThat(items()).containsExactly("1|" + winner + "|x", "2|" + winner + "|x");
        } finally {
            threads.shutdownNow();
        }
    }

    private static Future<WriteResult> last(ExecutorService threads, Sink sink, Frame frame) {
        Callable<WriteResult> write = () -> sink.write(frame.batch());
        return threads.submit(write);
    }

    private Sink opened(String pipeline) throws SinkException {
        Sink sink = target.definition().create();
        sink.open(new SinkContext(
                "agent",
                pipeline,
                ChangeStream.JOURNAL,
                1,
                "start-1",
                Path.of("unused"),
                List.of(ITEM),
                FaultPoint.NONE));
        return sink;
    }

    @Test
    @DisplayName("kafka-connect-jdbc #592, #1193: a new column that is NOT NULL kills the sink")
    void aNewNotNullColumnKillsTheSink() throws Exception {
        TableSchema wider = new TableSchema(
                1,
                new TableId("public", "item"),
                2,
                List.of(number("id"), text("name"), text("doc"), Column.of("size", "int8", ValueType.INT64, false)),
                List.of(0));
        stream.insert(ITEM, 1L, "a", "x").commit();
        deliver();
        stream.insert(wider, 2L, "b", "y", 7L).commit();
        deliver();
        assertThat(target.query("SELECT id, size FROM item WHERE size IS NOT NULL"))
                .containsExactly("2|7");
        assertThat(items()).containsExactly("1|a|x", "2|b|y");
    }

    /** Setting it aside is the dead letters' part; the sink's is to name it, and to take the others without it. */
    @Test
    @DisplayName("kafka-connect-jdbc #721: one bad record stops everything")
    void oneBadRecordStopsEverything() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name varchar(3), doc text)");
        stream.insert(ITEM, 1L, "a", "x").commit();
        stream.insert(ITEM, 2L, "b", "x").insert(ITEM, 3L, "too long", "x").commit();
        stream.insert(ITEM, 4L, "c", "x").commit();
        SinkException failure = refused(rest());
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        EventId bad = stream.events().get(2).id();
        assertThat(failure.rejected()).containsExactly(bad);
        target.write(without(rest(), bad));
        assertThat(items()).containsExactly("1|a|x", "2|b|x", "4|c|x");
    }

    private static Batch without(Batch batch, EventId left) {
        List<Transaction> rest = new ArrayList<>();
        for (Transaction t : batch.transactions()) {
            List<ChangeEvent> events =
                    t.events().stream().filter(e -> !e.id().equals(left)).toList();
            rest.add(new Transaction(t.id(), t.position(), t.commitMicros(), events, t.first(), t.last()));
        }
        return new Batch(rest, batch.checkpoint());
    }

    @Test
    @DisplayName("pgstream: a query that fails is dropped and the position moves on")
    void aFailingQueryIsDroppedAndThePositionMovesOn() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name varchar(3), doc text)");
        stream.insert(ITEM, 1L, "a", "x").commit();
        deliver();
        stream.insert(ITEM, 2L, "b", "x").commit();
        stream.insert(ITEM, 3L, "too long", "x").commit();
        refused(rest());
        assertThat(items()).containsExactly("1|a|x");
        assertThat(target.query("SELECT sequence FROM tailrace_checkpoint")).containsExactly("1");
        refused(rest());
        target.prepared(server().text(
                        "ALTER TABLE item ALTER COLUMN name TYPE varchar(40)",
                        "ALTER TABLE item MODIFY COLUMN name varchar(40)"));
        target.open(2, ITEM);
        deliver();
        assertThat(items()).containsExactly("1|a|x", "2|b|x", "3|too long|x");
    }

    @Test
    @DisplayName(
            "iceberg #699, yb-voyager #3351, Maxwell #642, #766, #1181, #1827: loss on a restart, or while the sink is"
                    + " away")
    void lossOnARestartOrWhileTheSinkIsAway() throws Exception {
        stream.insert(ITEM, 1L, "a", "x").commit();
        deliver();
        server().killSinks(target.database);
        stream.insert(ITEM, 2L, "b", "x").commit();
        assertThat(refused(rest()).disposition()).isEqualTo(Disposition.RETRY);
        CheckpointingSink again = target.open(2, ITEM);
        assertThat(again.checkpoint().orElseThrow().sequence())
                .as("what is not at the target is not passed")
                .isEqualTo(1);
        deliver();
        // What it may get once more after a restart is there once.
        target.open(3, ITEM);
        delivered = 0;
        deliver();
        assertThat(items()).containsExactly("1|a|x", "2|b|x");
    }

    @Test
    @DisplayName("Debezium Server, kafka-connect-jdbc: a transaction is split")
    void aTransactionIsSplit() throws Exception {
        TableSchema other = table(2, "other", List.of(0), number("id"), text("name"));
        target.open(1, ITEM, other);
        Frame first = stream.insert(ITEM, 1L, "a", "x").insert(other, 1L, "a").part();
        Frame last = stream.insert(other, 2L, "b").commit();
        assertThat(target.write(first.batch())).isEqualTo(WriteResult.PENDING);
        assertThat(target.query("SELECT id FROM item UNION ALL SELECT id FROM other"))
                .isEmpty();
        assertThat(target.query("SELECT sequence FROM tailrace_checkpoint")).containsExactly("0");
        target.write(last.batch());
        assertThat(target.query("SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM other), sequence"
                        + " FROM tailrace_checkpoint"))
                .containsExactly("1|2|2");
    }

    @Test
    @DisplayName("debezium jdbc: a numeric without precision becomes a double")
    void aNumericLosesItsPrecision() throws Exception {
        TableSchema prices = table(
                3,
                "prices",
                List.of(0),
                number("id"),
                new Column("price", "numeric", -1, -1, true, ValueType.DECIMAL, null),
                number("big"));
        String digits = "12345678901234567890.123456789012345678";
        stream.insert(prices, 1L, new BigDecimal(digits), Long.MAX_VALUE)
                .insert(prices, 2L, new BigDecimal("0.1"), Long.MIN_VALUE)
                .commit();
        target.open(1, prices);
        deliver();
        assertThat(target.query("SELECT id, price, big FROM prices ORDER BY id"))
                .containsExactly("1|" + digits + "|" + Long.MAX_VALUE, "2|0.1|" + Long.MIN_VALUE);
    }

    @Test
    @DisplayName("PeerDB #4664: tables for staging grow at the target")
    void stagingGrows() throws Exception {
        for (long i = 0; i < 3000; i++) {
            stream.insert(ITEM, i, "a", "x");
        }
        stream.commit();
        deliver();
        assertThat(target.query("SELECT lower(table_name) FROM information_schema.tables WHERE table_schema = "
                        + server().text("'public'", "DATABASE()") + " ORDER BY 1"))
                .containsExactly("item", "tailrace_checkpoint", "tailrace_schema");
    }
}
