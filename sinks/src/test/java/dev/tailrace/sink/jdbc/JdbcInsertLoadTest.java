package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.Connection;
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
    static final int CHUNK = BulkLoads.Limits.STANDARD.fewestInserted();

    private static final String REFUSED = "JDBC-REJECTED";

    private final List<String> points = new ArrayList<>();

    @BeforeEach
    void createTables() throws Exception {
        target.standard()
                .prepared(
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
        assertThat(contents()).containsExactly("4001|7997999|1");
    }

    @Test
    void fewAreUpserted() throws Exception {
        open();
        target.write(some(stream, 0, CHUNK - 1).commit().batch());
        assertThat(copies()).isZero();
        assertThat(contents()).containsExactly("1999|1997001|0");
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
        assertThat(contents()).containsExactly("2001|2002994|2");
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
        assertThat(target.query("SELECT count(*) FROM item WHERE id >= 0")).containsExactly("2000");
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
        assertThat(contents()).containsExactly("2001|1998995|1");
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
        target.prepared("INSERT INTO item VALUES (" + 52 * CHUNK + ", 'foreign')");
        for (int i = 52; i <= 52 + 17; i++) {
            target.write(inserts(stream, (long) i * CHUNK).batch());
        }
        assertThat(copies()).as("after a success it rests as at first").isEqualTo(6);
        assertThat(contents()).containsExactly("140001|9799929995|1");
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
                .containsExactly("2001|other");
        for (long id = CHUNK; id < 2 * CHUNK; id++) {
            stream.insert(NAMED, id, "name " + id);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).as("inserts alone").isEqualTo(1);
        assertThat(target.query("SELECT count(*) FROM named")).containsExactly("4001");
    }

    @Test
    void rowsThatReferToEachOtherAreLoaded() throws Exception {
        open();
        for (long id = 0; id < CHUNK; id++) {
            stream.insert(TREE, id, id == 0 ? null : id - 1);
        }
        target.write(stream.commit().batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(target.query("SELECT count(*), sum(parent) FROM tree")).containsExactly("2000|1997001");
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
        assertThat(contents()).containsExactly("6000|17997000|0");
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
        assertThat(contents()).containsExactly("4000|7998000|0");
    }

    /** What the target refuses is told as without loads: by its code, and the very row. */
    @Test
    void aRefusedRowAmongManyHasItsName() throws Exception {
        target.prepared("ALTER TABLE item ADD CONSTRAINT short CHECK (length(name) < 20)");
        open();
        some(stream, 0, CHUNK);
        stream.insert(ITEM, -1L, "much too long for this target");
        Frame frame = some(stream, CHUNK, CHUNK).commit();
        SinkException refused = catchThrowableOfType(SinkException.class, () -> target.write(frame.batch()));
        assertThat(refused.code()).isEqualTo(REFUSED);
        assertThat(refused.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(refused.rejected())
                .containsExactly(frame.transaction().events().get(CHUNK).id());
        assertThat(target.query("SELECT count(*) FROM item")).containsExactly("0");
    }

    /** A statement may take that long for a thousand rows; more of them must not be tried in one for ever. */
    @Test
    void aLoadThatTakesTooLongIsUpserted() throws Exception {
        target.prepared(
                "CREATE FUNCTION slow(bigint) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT $1 % 250 > 0 OR pg_sleep(0.15) IS NOT NULL'",
                "ALTER TABLE item ADD CHECK (slow(id))");
        target.with("statement-timeout", "1s");
        open();
        target.write(inserts(stream, 0).batch());
        assertThat(copies()).as("it was tried").isEqualTo(1);
        assertThat(contents()).containsExactly("2000|1999000|0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
                        + " CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE RULE r AS ON DELETE TO item DO ALSO NOTIFY gone"
            })
    void whereTheTargetHasATriggerOrARuleRowsAreUpserted(String own) throws Exception {
        target.prepared(own);
        open();
        target.write(inserts(stream, 0).batch());
        target.write(JdbcSnapshotLoadTest.chunk(stream, -CHUNK).batch());
        assertThat(copies()).isZero();
        assertThat(contents()).containsExactly("2500|1123750|0");
        target.prepared(
                own.contains("RULE") ? "ALTER TABLE item DISABLE RULE r" : "ALTER TABLE item DISABLE TRIGGER t");
        open();
        target.write(inserts(stream, CHUNK).batch());
        assertThat(copies()).as("when it is disabled").isEqualTo(1);
    }

    /** A deleted row that is only marked is still there when its key comes back. */
    @Test
    void aKeyThatIsMarkedAsDeletedComesBack() throws Exception {
        target.prepared("ALTER TABLE item ADD COLUMN tailrace_deleted_at timestamptz");
        target.with("deletes", "mark");
        target.open(points::add, 1, ITEM);
        target.write(inserts(stream, 0).batch());
        target.write(stream.delete(ITEM, 4L).commit().batch());
        assertThat(target.query("SELECT count(*) FROM item WHERE tailrace_deleted_at IS NOT NULL"))
                .containsExactly("1");
        stream.insert(ITEM, 4L, "row 4");
        target.write(inserts(stream, CHUNK).batch());
        assertThat(copies()).as("the second one in vain").isEqualTo(2);
        assertThat(target.query("SELECT count(*) FROM item WHERE tailrace_deleted_at IS NOT NULL"))
                .containsExactly("0");
        assertThat(contents()).containsExactly("4000|7998000|0");
    }

    @Test
    void partsOfABigTransactionAreLoadedAndTakenBackTogether() throws Exception {
        open();
        Frame first = some(stream, 0, CHUNK).part();
        Frame second = some(stream, CHUNK, CHUNK).part();
        target.write(first.batch());
        target.write(second.batch());
        assertThat(target.query("SELECT count(*) FROM item")).containsExactly("0");
        open();
        target.write(first.batch());
        target.write(second.batch());
        target.write(some(stream, 2L * CHUNK, 1).commit().batch());
        assertThat(copies()).isEqualTo(4);
        assertThat(contents()).containsExactly("4001|8002000|0");
    }

    /** The driver would keep each of them for as long as the connection lives. */
    @Test
    void theTargetSendsNoNotices() throws Exception {
        target.prepared(
                "CREATE FUNCTION quiet() RETURNS boolean LANGUAGE sql AS"
                        + " $$SELECT current_setting('client_min_messages') = 'error'$$",
                "ALTER TABLE item ADD CHECK (quiet())");
        open();
        target.write(inserts(stream, 0).batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(contents()).containsExactly("2000|1999000|0");
    }

    /** Upserts would wait for the lock as long again. */
    @Test
    void aLockThatIsNotGivenIsNoRefusal() throws Exception {
        target.with("statement-timeout", "1s");
        open();
        target.write(some(stream, -1, 1).commit().batch());
        Frame frame = inserts(stream, 0);
        try (Connection other = TestPostgres.connect(target.database)) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE item IN ACCESS EXCLUSIVE MODE");
            SinkException busy = catchThrowableOfType(SinkException.class, () -> target.write(frame.batch()));
            assertThat(busy.code()).isEqualTo("JDBC-BUSY");
            other.rollback();
        }
        target.write(frame.batch());
        assertThat(copies()).as("loaded at once, without a rest").isEqualTo(1);
        assertThat(contents()).containsExactly("2001|1998999|0");
    }

    /** Nothing was tried with it, so the next batch is loaded. */
    @Test
    void aLargeRowKeepsOnlyItsOwnBatchFromALoad() throws Exception {
        open();
        some(stream, 0, CHUNK);
        target.write(stream.insert(ITEM, -1L, "x".repeat(2 << 20)).commit().batch());
        target.write(inserts(stream, CHUNK).batch());
        assertThat(copies()).isEqualTo(1);
        assertThat(contents()).containsExactly("4001|7997999|1");
    }

    @Test
    void rowsBehindATruncationOfTheSameBatchAreLoaded() throws Exception {
        open();
        target.write(inserts(stream, 0).batch());
        stream.truncate(ITEM);
        target.write(inserts(stream, 0).batch());
        assertThat(copies()).isEqualTo(2);
        assertThat(contents()).containsExactly("2000|1999000|0");
    }
}
