package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a snapshot by COPY: when, when not, and what is left when it breaks off. */
class JdbcSnapshotLoadTest extends TargetSuite {
    static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    static final int CHUNK = 500;
    private static final String COPY = KilledLoader.COPY;

    private final List<String> points = new ArrayList<>();

    @BeforeEach
    void createItem() throws Exception {
        target.standard().prepared("CREATE TABLE item (id bigint PRIMARY KEY, name text)");
    }

    /** Rows {@code from} to {@code from + CHUNK - 1} of a snapshot. */
    static Frame chunk(ChangeStream stream, long from) {
        for (long id = from; id < from + CHUNK; id++) {
            stream.read(ITEM, id, "row " + id);
        }
        return stream.commit();
    }

    private long copies() {
        return points.stream().filter(COPY::equals).count();
    }

    private void open(long epoch) throws Exception {
        target.open(points::add, epoch, ITEM);
    }

    private List<String> contents() throws Exception {
        return target.query("SELECT count(*), sum(id), count(*) FILTER (WHERE name <> 'row ' || id) FROM item");
    }

    @Test
    void anEmptyTableIsLoadedUntilTheStreamReachesIt() throws Exception {
        open(1);
        target.write(chunk(stream, 0).batch());
        target.write(chunk(stream, CHUNK).batch());
        assertThat(copies()).isEqualTo(2);
        target.write(stream.insert(ITEM, -1L, "streamed").commit().batch());
        target.write(chunk(stream, 2L * CHUNK).batch());
        assertThat(copies()).as("after a streamed change").isEqualTo(2);
        assertThat(contents()).containsExactly("1501|1124249|1");
    }

    @Test
    void aTableWithRowsIsUpsertedInto() throws Exception {
        target.prepared("INSERT INTO item VALUES (7, 'old')");
        open(1);
        target.write(chunk(stream, 0).batch());
        assertThat(copies()).isZero();
        assertThat(contents()).containsExactly("500|124750|0");
    }

    @Test
    void aRestartedSnapshotLoadsAgainBehindItsTruncation() throws Exception {
        open(1);
        target.write(chunk(stream, 0).batch());
        open(2);
        target.write(chunk(stream, CHUNK).batch());
        assertThat(copies()).as("a new sink finds the rows of the old one").isEqualTo(1);
        target.write(truncation().batch());
        target.write(chunk(stream, 0).batch());
        assertThat(copies()).isEqualTo(2);
        assertThat(contents()).containsExactly("500|124750|0");
    }

    private Frame truncation() {
        stream.read(ITEM, 0L, "placeholder");
        Frame frame = stream.commit();
        Transaction rows = frame.transaction();
        ChangeEvent truncate =
                ChangeEvent.ofSnapshot(Operation.TRUNCATE, ITEM, new SourcePosition("pg-1-1", 0, 0), 4, 0, null);
        return new Frame(
                frame.sequence(),
                Transaction.whole(rows.id(), rows.position(), rows.commitMicros(), List.of(truncate)));
    }

    /** Somebody else writes the same keys between the look and the load: the source's rows win, as they do in upserts. */
    @Test
    void aForeignRowInTheWayTurnsTheLoadIntoAnUpsert() throws Exception {
        open(1);
        target.write(chunk(stream, 0).batch());
        target.prepared("INSERT INTO item VALUES (" + (CHUNK + 3) + ", 'foreign'), (-5, 'foreign')");
        target.write(chunk(stream, CHUNK).batch());
        assertThat(copies()).as("the load that failed had sent its rows").isEqualTo(2);
        assertThat(target.query("SELECT name FROM item WHERE id IN (-5, 503) ORDER BY id"))
                .containsExactly("foreign", "row 503");
        target.write(chunk(stream, 2L * CHUNK).batch());
        assertThat(copies()).as("it is not tried again").isEqualTo(2);
        assertThat(contents()).containsExactly("1501|1124245|1");
    }

    @Test
    void aRowTwiceInOneGroupCountsOnce() throws Exception {
        open(1);
        for (long id = 0; id < CHUNK; id++) {
            stream.read(ITEM, id, "before").read(ITEM, id, "row " + id);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(contents()).containsExactly("500|124750|0");
    }

    @Test
    void whatCopyMayNotDoIsUpserted() throws Exception {
        target.prepared(
                "CREATE ROLE loader_" + target.database + " LOGIN PASSWORD 'p'",
                "GRANT ALL ON SCHEMA public TO loader_" + target.database,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON item TO loader_" + target.database,
                "ALTER TABLE item ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY all_rows ON item USING (true) WITH CHECK (true)");
        target.with("user", "loader_" + target.database).with("password", "p");
        open(1);
        target.write(chunk(stream, 0).batch());
        assertThat(copies()).as("refused before a row was sent").isZero();
        assertThat(contents()).containsExactly("500|124750|0");
    }

    /** I2: a process that dies inside a COPY leaves neither its rows nor a moved checkpoint. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aProcessKilledInsideACopyLeavesNothingOfIt(int hit) throws Exception {
        KilledLoader.killed(target, "snapshot", hit);
        assertThat(target.query("SELECT count(*), (SELECT sequence FROM tailrace_checkpoint) FROM item"))
                .as("whole batches only")
                .containsExactly((hit - 1) * CHUNK + "|" + (hit - 1));
        CheckpointingSink next = target.open(points::add, 2, ITEM);
        for (Frame frame : KilledLoader.frames("snapshot")) {
            next.write(frame.batch());
        }
        assertThat(copies()).as("into an empty table again, else not").isEqualTo(hit == 1 ? 3 : 0);
        assertThat(contents()).containsExactly("1500|1124250|0");
    }

    @Test
    void twoTransactionsOfOneBatchAreLoadedAtOnce() throws Exception {
        open(1);
        List<Frame> frames = List.of(chunk(stream, 0), chunk(stream, CHUNK));
        Batch both = ChangeStream.batch(frames);
        target.write(both);
        assertThat(copies()).isEqualTo(1);
        assertThat(contents()).containsExactly("1000|499500|0");
    }
}
