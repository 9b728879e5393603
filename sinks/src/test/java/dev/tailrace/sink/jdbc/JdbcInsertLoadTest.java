package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that the source inserts, by COPY: when, when not, and what is left when it breaks off. */
class JdbcInsertLoadTest extends TargetSuite {
    static final TableSchema ITEM = JdbcSnapshotLoadTest.ITEM;
    private static final TableSchema NAMED = table(2, "named", List.of(0), number("id"), text("name"));
    private static final TableSchema TREE = table(3, "tree", List.of(0), number("id"), number("parent"));

    /** The fewest that are loaded. */
    static final int CHUNK = 1000;

    private final List<String> points = new ArrayList<>();

    @BeforeEach
    void createTables() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint PRIMARY KEY, name text)",
                "CREATE TABLE named (id bigint PRIMARY KEY, name text UNIQUE)",
                "CREATE TABLE tree (id bigint PRIMARY KEY, parent bigint REFERENCES tree)");
    }

    /** Inserts rows {@code from} to {@code from + CHUNK - 1}. */
    static Frame inserts(ChangeStream stream, long from) {
        return some(stream, from, CHUNK).commit();
    }

    /** Backwards, so that the order of the keys is not that of the changes. */
    private static ChangeStream some(ChangeStream stream, long from, int count) {
        for (long id = from + count - 1; id >= from; id--) {
            stream.insert(ITEM, id, "row " + id);
        }
        return stream;
    }

    private long copies() {
        return points.stream().filter(KilledLoader.COPY::equals).count();
    }

    private void open() throws Exception {
        target.open(points::add, 1, ITEM, NAMED, TREE);
    }

    private List<String> contents() throws Exception {
        return target.query("SELECT count(*), sum(id), count(*) FILTER (WHERE name <> 'row ' || id) FROM item");
    }

    @Test
    void manyInsertsAreLoadedIntoATableThatHasRows() throws Exception {
        target.prepared("INSERT INTO item VALUES (-1, 'old')");
        open();
        target.write(inserts(stream, 0).batch());
        target.write(inserts(stream, CHUNK).batch());
        assertThat(copies()).isEqualTo(2);
        assertThat(contents()).containsExactly("2001|1998999|1");
    }

    @Test
    void fewAreUpserted() throws Exception {
        open();
        target.write(some(stream, 0, CHUNK - 1).commit().batch());
        assertThat(copies()).isZero();
        assertThat(contents()).containsExactly("999|498501|0");
    }

    /** What a later change of the same batch makes of an inserted row is what is loaded. */
    @Test
    void insertedRowsAreLoadedWithTheirLastValues() throws Exception {
        open();
        some(stream, 0, CHUNK + 2);
        stream.update(ITEM, 5L, "changed").update(ITEM, 6L, Row.absent()).delete(ITEM, 7L);
        stream.delete(ITEM, 8L).insert(ITEM, 8L, "again");
        target.write(stream.commit().batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(target.query("SELECT id, name FROM item WHERE id BETWEEN 5 AND 8 ORDER BY id"))
                .containsExactly("5|changed", "6|row 6", "8|again");
        assertThat(contents()).containsExactly("1001|501494|2");
    }

    /** Only what came into being in the batch is loaded: a row that was there, and is deleted and put back, would be in the way. */
    @Test
    void rowsThatWereThereAreUpsertedBesideTheLoad() throws Exception {
        target.prepared("INSERT INTO item SELECT -n, 'old' FROM generate_series(1, 5) AS n");
        open();
        stream.update(ITEM, -1L, "new")
                .delete(ITEM, -2L)
                .insert(ITEM, -2L, "back")
                .delete(ITEM, -3L);
        stream.update(ITEM, -4L, Row.absent());
        target.write(some(stream, 0, CHUNK).commit().batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(target.query("SELECT id, name FROM item WHERE id < 0 ORDER BY id DESC"))
                .containsExactly("-1|new", "-2|back", "-4|old", "-5|old");
        assertThat(target.query("SELECT count(*) FROM item WHERE id >= 0")).containsExactly("1000");
        target.write(inserts(stream, CHUNK).batch());
        assertThat(copies()).as("nothing was in the way of the first one").isEqualTo(2);
    }

    /** The source's rows win, as they do in upserts; then loads rest, and are tried again. */
    @Test
    void aForeignRowInTheWayTurnsTheLoadIntoAnUpsert() throws Exception {
        target.prepared("INSERT INTO item VALUES (3, 'foreign'), (-5, 'foreign')");
        open();
        target.write(inserts(stream, 0).batch());
        assertThat(copies()).as("the load that failed had sent its rows").isEqualTo(1);
        assertThat(contents()).containsExactly("1001|499495|1");
        for (int i = 1; i <= 16; i++) {
            target.write(inserts(stream, (long) i * CHUNK).batch());
        }
        assertThat(copies()).as("it rests").isEqualTo(1);
        target.prepared("INSERT INTO item VALUES (" + 17 * CHUNK + ", 'foreign')");
        for (int i = 17; i <= 17 + 32; i++) {
            target.write(inserts(stream, (long) i * CHUNK).batch());
        }
        assertThat(copies()).as("tried once more, and rests twice as long").isEqualTo(2);
        target.write(inserts(stream, 50L * CHUNK).batch());
        target.write(inserts(stream, 51L * CHUNK).batch());
        assertThat(copies()).as("loaded, and again").isEqualTo(4);
        assertThat(contents()).containsExactly("52001|1351973995|1");
    }

    /** An update leaves the value that an insert takes, which comes first in the order of the kinds. */
    @Test
    void withAUniqueValueUpdatesAndInsertsKeepTheirOrder() throws Exception {
        target.prepared("INSERT INTO named VALUES (-1, 'name 7')");
        open();
        stream.update(NAMED, -1L, "other");
        for (long id = 0; id < CHUNK; id++) {
            stream.insert(NAMED, id, "name " + id);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).isZero();
        assertThat(target.query("SELECT count(*), max(name) FILTER (WHERE id = -1) FROM named"))
                .containsExactly("1001|other");
        for (long id = CHUNK; id < 2 * CHUNK; id++) {
            stream.insert(NAMED, id, "name " + id);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).as("inserts alone").isEqualTo(1);
        assertThat(target.query("SELECT count(*) FROM named")).containsExactly("2001");
    }

    @Test
    void rowsThatReferToEachOtherAreLoaded() throws Exception {
        open();
        for (long id = 0; id < CHUNK; id++) {
            stream.insert(TREE, id, id == 0 ? null : id - 1);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(target.query("SELECT count(*), sum(parent) FROM tree")).containsExactly("1000|498501");
    }

    /** I2, I3: a process that dies inside a COPY leaves neither its rows nor a moved checkpoint. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aProcessKilledInsideACopyLeavesNothingOfIt(int hit) throws Exception {
        KilledLoader.killed(target, "stream", hit);
        assertThat(target.query("SELECT count(*), (SELECT sequence FROM tailrace_checkpoint) FROM item"))
                .as("whole batches only")
                .containsExactly((hit - 1) * CHUNK + "|" + (hit - 1));
        CheckpointingSink next = target.open(points::add, 2, ITEM);
        for (Frame frame : KilledLoader.frames("stream")) {
            next.write(frame.batch());
        }
        assertThat(copies()).as("what is durable is not tried again").isEqualTo(4 - hit);
        assertThat(contents()).containsExactly("3000|4498500|0");
    }

    /** Replayed from the beginning, the journal's inserts meet their own rows: the target is as it was. */
    @Test
    void aReplayOverItsOwnRowsUpserts() throws Exception {
        open();
        List<Frame> frames = List.of(inserts(stream, 0), inserts(stream, CHUNK));
        for (Frame frame : frames) {
            target.write(frame.batch());
        }
        target.prepared("DELETE FROM tailrace_checkpoint", "UPDATE item SET name = 'spoiled' WHERE id = 4");
        target.open(points::add, 2, ITEM);
        for (Frame frame : frames) {
            target.write(frame.batch());
        }
        assertThat(copies()).as("once in vain").isEqualTo(3);
        assertThat(contents()).containsExactly("2000|1999000|0");
    }
}
