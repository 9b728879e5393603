package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Column;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.WriteResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions, the checkpoint and its fence, broken connections, sizes. */
class JdbcTransactionTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final int PART = 10_000;
    /** {@code -Djdbc.rows=2000000 -Dtest.jvm=-Xmx128m} is the long form of the large transaction. */
    private static final int ROWS = Integer.getInteger("jdbc.rows", 80_000);

    @Test
    void aKilledConnectionRollsBackAllPartsAndTheyAreTakenAgain() throws Exception {
        target.open(1, ITEM);
        Frame first = stream.insert(ITEM, 1L, "a", "x").part();
        Frame second = stream.insert(ITEM, 2L, "b", "x").part();
        Frame last = stream.insert(ITEM, 3L, "c", "x").commit();
        target.write(first.batch());
        server().killSinks(target.database);
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(second.batch()));
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(target.query("SELECT * FROM item")).isEmpty();
        CheckpointingSink again = target.open(1, ITEM);
        assertThat(again.checkpoint()).isEmpty();
        for (Frame frame : List.of(first, second)) {
            assertThat(target.write(frame.batch())).isEqualTo(WriteResult.PENDING);
        }
        assertThat(target.write(last.batch())).isEqualTo(WriteResult.DURABLE);
        assertThat(target.query("SELECT id FROM item ORDER BY id")).containsExactly("1", "2", "3");
    }

    @Test
    void aConstraintInALaterPartIsReplayedWithoutLosingTheEarlierOnes() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40) UNIQUE, doc text)");
        target.open(1, ITEM);
        target.write(stream.insert(ITEM, 1L, "a", "x")
                .insert(ITEM, 2L, "b", "x")
                .part()
                .batch());
        target.write(stream.update(ITEM, 1L, "t", Row.absent())
                .update(ITEM, 2L, "a", Row.absent())
                .update(ITEM, 1L, "b", Row.absent())
                .commit()
                .batch());
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("1|b|x", "2|a|x");
    }

    @Test
    void whatTheCheckpointCoversIsNotWrittenAgain() throws Exception {
        Frame first = stream.insert(ITEM, 1L, "a", "x").commit();
        Frame second = stream.delete(ITEM, 1L).commit();
        target.open(1, ITEM);
        target.write(first.batch());
        target.write(second.batch());
        CheckpointingSink again = target.open(2, ITEM);
        assertThat(again.checkpoint().orElseThrow()).isEqualTo(second.checkpoint());
        assertThat(target.write(first.batch())).isEqualTo(WriteResult.DURABLE);
        assertThat(target.query("SELECT * FROM item")).isEmpty();
    }

    @Test
    void aZombieInABigTransactionIsFencedAtItsCommit() throws Exception {
        Frame part = stream.insert(ITEM, 1L, "zombie", "x").part();
        Frame last = stream.insert(ITEM, 2L, "zombie", "x").commit();
        try (Sink zombie = target.definition().create()) {
            zombie.open(JdbcTarget.context(1, ChangeStream.JOURNAL, ITEM));
            target.open(2, ITEM);
            SinkException failure = catchThrowableOfType(SinkException.class, () -> zombie.write(part.batch()));
            assertThat(failure.code()).isEqualTo("JDBC-FENCED");
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        }
        target.write(part.batch());
        assertThat(target.write(last.batch())).isEqualTo(WriteResult.DURABLE);
    }

    @Test
    void anotherJournalsCheckpointIsReportedAndKeptUntilTheFirstWrite() throws Exception {
        Frame frame = stream.insert(ITEM, 1L, "a", "x").commit();
        target.open(9, ITEM);
        target.write(frame.batch());
        target.close();
        try (CheckpointingSink sink = (CheckpointingSink) target.definition().create()) {
            sink.open(JdbcTarget.context(1, "other", ITEM));
            assertThat(sink.checkpoint().orElseThrow().journal()).isEqualTo(ChangeStream.JOURNAL);
            assertThat(target.query("SELECT journal, epoch FROM tailrace_checkpoint"))
                    .containsExactly(ChangeStream.JOURNAL + "|9");
            sink.write(new dev.tailrace.sink.Batch(
                    List.of(frame.transaction()), new dev.tailrace.sink.Checkpoint("other", 1, "t1", "0/1")));
            assertThat(target.query("SELECT journal, epoch, sequence, position FROM tailrace_checkpoint"))
                    .containsExactly("other|1|1|0/1");
        }
    }

    @Test
    void hundredsOfThousandsOfRowsInPartsAreOneTransaction() throws Exception {
        target.open(1, ITEM);
        int rows = ROWS;
        for (int from = 0; from < rows; from += PART) {
            ChangeStream part = new ChangeStream();
            for (int i = from; i < from + PART; i++) {
                part.insert(ITEM, (long) i, "name " + i, "doc");
                // Partial images, and statements of many lengths.
                if (i % 3 == 0) {
                    part.update(ITEM, (long) Math.max(0, i - 2 * PART), "name " + i, Row.absent());
                }
            }
            dev.tailrace.event.Transaction made = part.commit().transaction();
            boolean last = from + PART == rows;
            WriteResult result = target.write(new dev.tailrace.sink.Batch(
                    List.of(new dev.tailrace.event.Transaction(
                            "1", made.position(), made.commitMicros(), made.events(), from == 0, last)),
                    new dev.tailrace.sink.Checkpoint(ChangeStream.JOURNAL, from + 1L, ChangeStream.TOKEN, "")));
            assertThat(result).isEqualTo(last ? WriteResult.DURABLE : WriteResult.PENDING);
            if (!last) {
                assertThat(target.query("SELECT 1 FROM item LIMIT 1")).isEmpty();
            }
        }
        assertThat(target.query("SELECT count(*), sum(id) FROM item"))
                .containsExactly(rows + "|" + (rows - 1L) * rows / 2);
    }

    /** The heap of the tests is the product's: several copies of this row would not fit. */
    @Test
    void rowsOfFiftyMegabytesPass() throws Exception {
        TableSchema large =
                table(7, "large", List.of(0), number("id"), text("t"), Column.of("b", "bytea", ValueType.BYTES, true));
        byte[] bytes = new byte[50 << 20];
        Arrays.fill(bytes, (byte) 0xA5);
        String text = "x".repeat(50 << 20);
        target.open(1, large);
        target.write(stream.insert(large, 1L, text, null)
                .insert(large, 2L, null, bytes)
                .insert(large, 3L, "small", new byte[] {0, 92, 34})
                .commit()
                .batch());
        target.write(stream.update(large, 1L, text, Row.absent()).commit().batch());
        assertThat(target.query("SELECT id, length(t), length(b) FROM large ORDER BY id"))
                .containsExactly("1|" + (50 << 20) + "|-", "2|-|" + (50 << 20), "3|5|3");
        assertThat(target.query(server().text(
                                        "SELECT encode(b, 'hex')",
                                        "SELECT lower(hex(b))",
                                        "SELECT lower(hex(b))",
                                        "SELECT rawtohex(cast(b as varbinary))")
                        + " FROM large WHERE id = 3"))
                .containsExactly("005c22");
    }
}
