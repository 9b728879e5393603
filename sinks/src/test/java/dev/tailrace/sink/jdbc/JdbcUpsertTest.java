package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one batch does to tables that the target's owner made: constraints, computed columns, triggers. */
class JdbcUpsertTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final TableSchema PARENT = table(2, "parent", List.of(0), number("id"), text("name"));
    private static final TableSchema CHILD = table(3, "child", List.of(0), number("id"), number("parent"), text("doc"));
    private static final String FAMILY_PARENT = "CREATE TABLE parent (id bigint PRIMARY KEY, name text)";

    private SinkException refused(ChangeStream changes) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(changes));
        assertThat(failure).as("the batch was taken").isNotNull();
        return failure;
    }

    @Test
    void aMissingRowIsNeverMadeUpOutOfAPartialImage() throws Exception {
        target.open(1, ITEM);
        stream.insert(ITEM, 1L, "a", "doc").update(ITEM, 2L, "b", Row.absent()).commit();
        SinkException failure = refused(stream);
        assertThat(failure.code()).isEqualTo("JDBC-ROW-MISSING");
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(1).id());
        assertThat(target.query("SELECT * FROM item")).isEmpty();
    }

    @Test
    void afterARejectionTheSameSinkTakesOtherData() throws Exception {
        target.open(1, ITEM);
        stream.update(ITEM, 2L, "b", Row.absent()).commit();
        refused(stream);
        ChangeStream other = new ChangeStream();
        other.insert(ITEM, 1L, "a", "doc").commit();
        target.write(other);
        assertThat(target.query("SELECT * FROM item")).containsExactly("1|a|doc");
    }

    @Test
    void rowsChangePlacesWithPartialImages() throws Exception {
        for (long id = 1; id <= 3; id++) {
            stream.insert(ITEM, id, "n" + id, "d" + id);
        }
        stream.commit();
        stream.rekey(ITEM, List.of(1L), 2L, "n1", Row.absent())
                .rekey(ITEM, List.of(2L), 3L, "n2!", Row.absent())
                .rekey(ITEM, List.of(3L), 1L, "n3", "d3!")
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("1|n3|d3!", "2|n1|d1", "3|n2!|d2");
    }

    @Test
    void aChainOfMovesFollowsTheRow() throws Exception {
        stream.insert(ITEM, 1L, "a", "doc a").insert(ITEM, 2L, "b", "doc b").commit();
        stream.rekey(ITEM, List.of(1L), 9L, "a", Row.absent())
                .rekey(ITEM, List.of(2L), 1L, "b", Row.absent())
                .rekey(ITEM, List.of(9L), 2L, "a2", Row.absent())
                .delete(ITEM, 1L)
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT * FROM item")).containsExactly("2|a2|doc a");
    }

    @Test
    void aFullBeforeImageFillsWhatTheUpdateLeavesOut() throws Exception {
        target.open(1, ITEM);
        stream.add(Operation.UPDATE, ITEM, Row.of(ITEM, 5L, "old", "big"), Row.of(ITEM, 5L, "new", Row.absent()))
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT * FROM item")).containsExactly("5|new|big");
    }

    @Test
    void uniqueValuesThatChangePlacesAreWrittenInSourceOrder() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name varchar(40) UNIQUE, doc text)");
        stream.insert(ITEM, 1L, "a", "x").insert(ITEM, 2L, "b", "x").commit();
        target.write(stream);
        ChangeStream swap = new ChangeStream();
        swap.commit();
        swap.update(ITEM, 1L, "t", Row.absent())
                .update(ITEM, 2L, "a", Row.absent())
                .update(ITEM, 1L, "b", Row.absent())
                .commit();
        target.write(swap);
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("1|b|x", "2|a|x");
    }

    /** SQLite looks at no length. */
    private String sized(String column, int length) {
        return column + " varchar(" + length + ")"
                + server().text("", "", " CHECK (length(" + column + ") <= " + length + ")", "");
    }

    @Test
    void aRefusedValueNamesItsEventAndNothingOfTheBatchStays() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, " + sized("name", 3) + ", doc text)");
        stream.insert(ITEM, 1L, "abc", "x").insert(ITEM, 2L, "too long", "x").commit();
        SinkException failure = refused(stream);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(1).id());
        assertThat(failure)
                .hasMessageContaining(server().text("22001", "column name", "SQLITE_CONSTRAINT_CHECK", "22001"))
                .hasMessageNotContaining("too long");
        assertThat(target.query("SELECT * FROM item")).isEmpty();
        assertThat(target.query("SELECT sequence FROM tailrace_checkpoint")).containsExactly("0");
    }

    @Test
    void aRefusedValueAmongMovesLeavesNoneOfThemWaiting() throws Exception {
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, " + sized("name", 9) + ", doc varchar(9))");
        String bad = server().text("a\0b", "much too long", "much too long", "much too long");
        stream.insert(ITEM, 1L, "a", "x").insert(ITEM, 2L, "b", "x").commit();
        target.write(stream);
        ChangeStream moves = new ChangeStream();
        moves.commit();
        moves.rekey(ITEM, List.of(1L), 11L, "a", Row.absent())
                .rekey(ITEM, List.of(2L), 12L, bad, Row.absent())
                .commit();
        SinkException failure = refused(moves);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(moves.events().get(1).id());
        ChangeStream next = new ChangeStream();
        next.commit();
        next.rekey(ITEM, List.of(2L), 13L, "c", Row.absent()).commit();
        target.write(next);
        assertThat(target.query("SELECT * FROM item ORDER BY id")).containsExactly("1|a|x", "13|c|x");
    }

    @Test
    void parentsAndChildrenComeAndGoInOneBatch() throws Exception {
        target.prepared(
                FAMILY_PARENT,
                "CREATE TABLE child (id bigint PRIMARY KEY, parent bigint, doc text,"
                        + " FOREIGN KEY (parent) REFERENCES parent (id))");
        stream.insert(CHILD, 10L, 1L, "c").insert(PARENT, 1L, "p").commit();
        target.write(stream);
        assertThat(target.query("SELECT id, parent FROM child")).containsExactly("10|1");
        stream.insert(PARENT, 2L, "p2")
                .update(CHILD, 10L, 2L, Row.absent())
                .delete(PARENT, 1L)
                .insert(PARENT, 3L, "p3")
                .insert(CHILD, 11L, 3L, "c")
                .delete(CHILD, 11L)
                .delete(PARENT, 3L)
                .commit();
        target.write(stream.frames().get(1).batch());
        assertThat(target.query("SELECT * FROM child")).containsExactly("10|2|c");
        assertThat(target.query("SELECT id FROM parent")).containsExactly("2");
    }

    @Test
    void childrenFollowAMovedParent() throws Exception {
        target.prepared(
                FAMILY_PARENT,
                "CREATE TABLE child (id bigint PRIMARY KEY,"
                        + " parent bigint, doc text, FOREIGN KEY (parent) REFERENCES parent (id)"
                        + " ON UPDATE CASCADE ON DELETE CASCADE)");
        stream.insert(PARENT, 1L, "p").insert(CHILD, 10L, 1L, "doc").commit();
        stream.rekey(PARENT, List.of(1L), 2L, "p")
                .update(CHILD, 10L, 2L, Row.absent())
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT * FROM child")).containsExactly("10|2|doc");
    }

    @Test
    void referencedTablesAreEmptiedTogetherOrRowByRow() throws Exception {
        target.prepared(
                FAMILY_PARENT,
                "CREATE TABLE child (id bigint PRIMARY KEY, parent bigint, doc text,"
                        + " FOREIGN KEY (parent) REFERENCES parent (id))");
        stream.insert(PARENT, 1L, "p").insert(CHILD, 10L, 1L, "c").commit();
        stream.truncate(PARENT).truncate(CHILD).insert(PARENT, 5L, "new").commit();
        target.write(stream);
        assertThat(target.query("SELECT id FROM parent")).containsExactly("5");
        ChangeStream alone = new ChangeStream();
        alone.commit();
        alone.commit();
        alone.truncate(PARENT).commit();
        target.write(alone);
        assertThat(target.query("SELECT (SELECT count(*) FROM parent) + (SELECT count(*) FROM child)"))
                .containsExactly("0");
    }

    @Test
    void identityColumnsAreSetAndComputedOnesAreLeftOut() throws Exception {
        target.prepared(server().text(
                        "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,"
                                + " doc text GENERATED ALWAYS AS (upper(name)) STORED)",
                        "CREATE TABLE item (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(40),"
                                + " doc varchar(40) GENERATED ALWAYS AS (upper(name)) STORED)",
                        "CREATE TABLE item (id integer PRIMARY KEY AUTOINCREMENT, name text,"
                                + " doc text GENERATED ALWAYS AS (upper(name)) STORED)",
                        "CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40),"
                                + " doc varchar(40) GENERATED ALWAYS AS (upper(name)))"));
        stream.insert(ITEM, 41L, "a", "A").update(ITEM, 41L, "b", "B").commit();
        target.write(stream);
        stream.update(ITEM, 41L, "c", Row.absent()).commit();
        target.write(stream.frames().get(1).batch());
        assertThat(target.query("SELECT * FROM item")).containsExactly("41|c|C");
    }

    @Test
    void aTargetsTriggerSeesEveryRow() throws Exception {
        target.prepared(
                "CREATE TABLE item (id bigint PRIMARY KEY, name text, doc text)",
                "CREATE TABLE seen (id bigint)",
                server().text(
                                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                                        + " $$ BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NEW; END $$",
                                "SET @unused = 1",
                                "SELECT 1",
                                "SELECT 1"),
                "CREATE TRIGGER note AFTER INSERT ON item FOR EACH ROW "
                        + server().text(
                                        "EXECUTE FUNCTION note()",
                                        "INSERT INTO seen VALUES (NEW.id)",
                                        "BEGIN INSERT INTO seen VALUES (NEW.id); END",
                                        "CALL '" + H2Triggers.Noting.class.getName() + "'"));
        stream.insert(ITEM, 1L, "a", "x").insert(ITEM, 2L, "b", "x").commit();
        target.write(stream);
        assertThat(target.query("SELECT id FROM seen ORDER BY 1")).containsExactly("1", "2");
    }

    @Test
    void keysThatTheTargetTakesAsEqualAreOneRow() throws Exception {
        TableSchema decimal = table(
                4,
                "prices",
                List.of(0),
                new dev.tailrace.event.Column(
                        "p", "numeric", -1, -1, false, dev.tailrace.event.ValueType.DECIMAL, null),
                text("v"));
        stream.insert(decimal, new java.math.BigDecimal("1.0"), "a")
                .insert(decimal, new java.math.BigDecimal("0.0"), "c")
                .commit();
        stream.update(decimal, new java.math.BigDecimal("1.00"), "b")
                .update(decimal, new java.math.BigDecimal("0.00"), "d")
                .commit();
        target.open(1, decimal);
        target.write(stream.frames().get(0).batch());
        target.write(stream.frames().get(1).batch());
        assertThat(target.query("SELECT v FROM prices ORDER BY v")).containsExactly("b", "d");
    }
}
