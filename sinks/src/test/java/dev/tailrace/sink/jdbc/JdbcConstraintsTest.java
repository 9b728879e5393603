package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Groups of transactions against keys that the target checks row by row, whatever the source put off. */
class JdbcConstraintsTest extends TargetSuite {
    private static final TableSchema SLOT = table(1, "slots", List.of(0), number("id"), text("name"), text("doc"));
    private static final TableSchema NODE = table(2, "nodes", List.of(0), number("id"), number("parent"));
    private static final TableSchema CUSTOMER = table(3, "customers", List.of(0), number("id"), text("email"));
    private static final TableSchema ORDER = table(4, "orders", List.of(0), number("id"), number("customer"));
    private static final TableSchema LINE = table(5, "order_lines", List.of(0), number("id"), number("order_id"));
    private static final TableSchema TEAM = table(6, "teams", List.of(0), number("id"), number("captain"));
    private static final TableSchema PLAYER = table(7, "players", List.of(0), number("id"), number("team"));

    private static final String SLOTS =
            "CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, doc text)";
    private static final String NODES =
            "CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint, FOREIGN KEY (parent) REFERENCES nodes (id))";

    private int delivered;

    /** Everything since the last delivery, as one group. */
    private void deliver() throws SinkException {
        List<ChangeStream.Frame> frames = stream.frames();
        target.write(ChangeStream.batch(frames.subList(delivered, frames.size())));
        delivered = frames.size();
    }

    private void shop(String action) throws Exception {
        target.prepared(
                "CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(40) UNIQUE)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint,"
                        + " FOREIGN KEY (customer) REFERENCES customers (id) " + action + ")",
                "CREATE TABLE order_lines (id bigint PRIMARY KEY, order_id bigint,"
                        + " FOREIGN KEY (order_id) REFERENCES orders (id) " + action + ")");
        stream.insert(CUSTOMER, 1L, "a").insert(CUSTOMER, 2L, "b").commit();
        stream.insert(ORDER, 10L, 1L).insert(LINE, 100L, 10L).commit();
        deliver();
    }

    private void twoSlots() throws Exception {
        target.prepared(SLOTS);
        stream.insert(SLOT, 1L, "a", "x").insert(SLOT, 2L, "b", "y").commit();
        deliver();
    }

    private List<String> slots() throws Exception {
        return target.query("SELECT id, name, doc FROM slots ORDER BY id");
    }

    @Test
    void oneStatementSwapsUniqueValues() throws Exception {
        twoSlots();
        stream.update(SLOT, 1L, "b", "x").update(SLOT, 2L, "a", "y").commit();
        deliver();
        assertThat(slots()).containsExactly("1|b|x", "2|a|y");
    }

    @Test
    void aColumnOfTheTargetsOwnIsKeptWhenUniqueValuesAreSwapped() throws Exception {
        target.prepared("CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) UNIQUE, doc text, own text)");
        stream.insert(SLOT, 1L, "a", "x").insert(SLOT, 2L, "b", "y").commit();
        deliver();
        target.prepared("UPDATE slots SET own = 'kept'");
        stream.update(SLOT, 1L, "b", "x").update(SLOT, 2L, "a", "y").commit();
        deliver();
        assertThat(target.query("SELECT id, name, own FROM slots ORDER BY id")).containsExactly("1|b|kept", "2|a|kept");
    }

    @Test
    void severalTransactionsOfOneGroupSwapUniqueValues() throws Exception {
        twoSlots();
        stream.update(SLOT, 1L, "aside", "x").commit();
        stream.update(SLOT, 2L, "a", "y").commit();
        stream.update(SLOT, 1L, "b", "x").commit();
        stream.update(SLOT, 1L, "b", "z").commit();
        deliver();
        assertThat(slots()).containsExactly("1|b|z", "2|a|y");
    }

    @Test
    void aFreedUniqueValueIsTakenByAnotherRow() throws Exception {
        twoSlots();
        stream.delete(SLOT, 1L).insert(SLOT, 3L, "a", "new").commit();
        stream.update(SLOT, 2L, "c", "y").insert(SLOT, 1L, "b", "back").commit();
        deliver();
        assertThat(slots()).containsExactly("1|b|back", "2|c|y", "3|a|new");
    }

    @Test
    void everyRowOfALongListMovesUpByOne() throws Exception {
        target.prepared(SLOTS);
        int rows = 1500;
        for (long i = 0; i < rows; i++) {
            stream.insert(SLOT, i, "place " + i, "x");
        }
        stream.commit();
        deliver();
        for (long i = 0; i < rows; i++) {
            stream.update(SLOT, i, "place " + (i + 1) % rows, "x");
        }
        stream.commit();
        deliver();
        assertThat(target.query("SELECT id, name FROM slots WHERE id IN (0, 1, 1499) ORDER BY id"))
                .containsExactly("0|place 1", "1|place 2", "1499|place 0");
        assertThat(target.query("SELECT count(*) FROM slots")).containsExactly("1500");
    }

    @Test
    void uniqueValuesOfReferencedRowsAreSwapped() throws Exception {
        shop("ON DELETE CASCADE");
        stream.update(CUSTOMER, 1L, "b").update(CUSTOMER, 2L, "a").commit();
        deliver();
        assertThat(target.query("SELECT id, email FROM customers ORDER BY id")).containsExactly("1|b", "2|a");
        assertThat(target.query("SELECT id, order_id FROM order_lines")).containsExactly("100|10");
    }

    @Test
    void uniqueValuesThatMayNotBeNullAreSwappedInReferencedRows() throws Exception {
        target.prepared(
                "CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(40) NOT NULL UNIQUE)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL,"
                        + " FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE)");
        stream.insert(CUSTOMER, 1L, "a")
                .insert(CUSTOMER, 2L, "b")
                .insert(CUSTOMER, 3L, "c")
                .insert(ORDER, 10L, 1L)
                .commit();
        deliver();
        stream.update(CUSTOMER, 1L, "b")
                .update(CUSTOMER, 2L, "c")
                .insert(CUSTOMER, 4L, "a")
                .delete(CUSTOMER, 3L)
                .commit();
        deliver();
        assertThat(target.query("SELECT id, email FROM customers ORDER BY id")).containsExactly("1|b", "2|c", "4|a");
        assertThat(target.query("SELECT id, customer FROM orders")).containsExactly("10|1");
    }

    /** A value that nobody has would not pass, and is not needed here. */
    @Test
    void aCheckOnAnotherUniqueColumnDoesNotKeepReferencedRowsFromASwap() throws Exception {
        target.prepared(
                "CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) NOT NULL UNIQUE CHECK (name LIKE 'n%'),"
                        + " doc varchar(40) UNIQUE)",
                "CREATE TABLE uses (slot bigint, FOREIGN KEY (slot) REFERENCES slots (id))");
        stream.insert(SLOT, 1L, "n1", "x").insert(SLOT, 2L, "n2", "y").commit();
        deliver();
        stream.update(SLOT, 1L, "n1", "y").update(SLOT, 2L, "n2", "x").commit();
        deliver();
        assertThat(slots()).containsExactly("1|n1|y", "2|n2|x");
    }

    @Test
    void aUniqueValueFreedByAReferencedRowIsTaken() throws Exception {
        shop("");
        stream.update(ORDER, 10L, 2L)
                .delete(CUSTOMER, 1L)
                .insert(CUSTOMER, 3L, "a")
                .commit();
        deliver();
        assertThat(target.query("SELECT id, email FROM customers ORDER BY id")).containsExactly("2|b", "3|a");
        assertThat(target.query("SELECT customer FROM orders")).containsExactly("2");
    }

    /** Deleted first, the old parent would take the child along, and with it its own children, of which no change tells. */
    @Test
    void whatHangsOnAChildStaysWhenItsOldParentIsDeleted() throws Exception {
        shop("ON DELETE CASCADE");
        stream.update(ORDER, 10L, 2L).commit();
        stream.delete(CUSTOMER, 1L).commit();
        deliver();
        assertThat(target.query("SELECT id, customer FROM orders")).containsExactly("10|2");
        assertThat(target.query("SELECT id, order_id FROM order_lines")).containsExactly("100|10");
    }

    @Test
    void aBranchThatMovedStaysWhenItsOldRootIsDeleted() throws Exception {
        target.prepared("CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint,"
                + " FOREIGN KEY (parent) REFERENCES nodes (id) ON DELETE CASCADE)");
        stream.insert(NODE, 1L, null)
                .insert(NODE, 2L, null)
                .insert(NODE, 3L, 1L)
                .insert(NODE, 4L, 3L)
                .commit();
        deliver();
        stream.update(NODE, 3L, 2L).delete(NODE, 1L).commit();
        deliver();
        assertThat(target.query("SELECT id, parent FROM nodes ORDER BY id")).containsExactly("2|-", "3|2", "4|3");
    }

    /** MySQL before 9.6 does not log what a cascade deletes; the target's own cascade does it. */
    @Test
    void aParentThatComesBackDoesNotKeepWhatItsDeletionTookAlong() throws Exception {
        shop("ON DELETE CASCADE");
        stream.delete(CUSTOMER, 1L).commit();
        stream.insert(CUSTOMER, 1L, "again").commit();
        deliver();
        assertThat(target.query("SELECT id, email FROM customers ORDER BY id")).containsExactly("1|again", "2|b");
        assertThat(target.query("SELECT id FROM orders")).isEmpty();
        assertThat(target.query("SELECT id FROM order_lines")).isEmpty();
    }

    /** PostgreSQL logs what a cascade deletes behind the row that it began with. */
    @Test
    void cascadedDeletionsOfTheSourceMeetACascadeOrNone() throws Exception {
        for (String action : List.of("", "ON DELETE CASCADE", "ON DELETE SET NULL")) {
            stop();
            target = new JdbcTarget(server());
            shop(action);
            stream.delete(CUSTOMER, 1L)
                    .delete(ORDER, 10L)
                    .delete(LINE, 100L)
                    .insert(CUSTOMER, 4L, "a")
                    .commit();
            deliver();
            assertThat(target.query("SELECT id, email FROM customers ORDER BY id"))
                    .as(action)
                    .containsExactly("2|b", "4|a");
            assertThat(target.query("SELECT id FROM orders")).as(action).isEmpty();
            assertThat(target.query("SELECT id FROM order_lines")).as(action).isEmpty();
        }
    }

    @Test
    void aReferenceThatTheSourceSetToNullIsNull() throws Exception {
        shop("ON DELETE SET NULL");
        stream.delete(CUSTOMER, 1L).update(ORDER, 10L, null).commit();
        deliver();
        assertThat(target.query("SELECT id, customer FROM orders")).containsExactly("10|-");
        assertThat(target.query("SELECT id, order_id FROM order_lines")).containsExactly("100|10");
    }

    @Test
    void rowsOfTwoTablesThatReferToEachOtherComeAndGo() throws Exception {
        target.prepared(
                "CREATE TABLE teams (id bigint PRIMARY KEY, captain bigint"
                        // It lets a key refer to what is not there yet, and adds none later.
                        + server().text("", "", " REFERENCES players (id)", "")
                        + ")",
                "CREATE TABLE players (id bigint PRIMARY KEY, team bigint, FOREIGN KEY (team) REFERENCES teams (id))",
                server() == TestServer.SQLITE
                        ? "SELECT 1"
                        : "ALTER TABLE teams ADD FOREIGN KEY (captain) REFERENCES players (id)");
        stream.insert(TEAM, 1L, 10L).insert(PLAYER, 10L, 1L).commit();
        stream.insert(PLAYER, 20L, 2L).insert(TEAM, 2L, 20L).commit();
        deliver();
        assertThat(target.query("SELECT id, captain FROM teams ORDER BY id")).containsExactly("1|10", "2|20");
        assertThat(target.query("SELECT id, team FROM players ORDER BY id")).containsExactly("10|1", "20|2");
        stream.delete(TEAM, 1L).delete(PLAYER, 10L).update(TEAM, 2L, null).commit();
        deliver();
        assertThat(target.query("SELECT id, captain FROM teams")).containsExactly("2|-");
        assertThat(target.query("SELECT id, team FROM players")).containsExactly("20|2");
    }

    @Test
    void aTreeOfSeveralThousandRowsComesChildrenFirstAndGoesRootFirst() throws Exception {
        target.prepared(NODES);
        int rows = 2500;
        for (long i = rows; i > 0; i--) {
            stream.insert(NODE, i, i == 1 ? null : i / 2);
        }
        stream.commit();
        deliver();
        assertThat(target.query("SELECT count(*), count(parent), sum(parent) FROM nodes"))
                .containsExactly("2500|2499|1562500");
        for (long i = 1; i <= rows; i++) {
            stream.delete(NODE, i);
        }
        stream.commit();
        deliver();
        assertThat(target.query("SELECT id FROM nodes")).isEmpty();
    }

    @Test
    void aUniqueValueThatTheTargetComputesIsSwapped() throws Exception {
        target.prepared(server().text(
                        "CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) NOT NULL, doc text,"
                                + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) STORED UNIQUE)",
                        "CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) NOT NULL, doc text,"
                                + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) STORED, UNIQUE (folded))",
                        "CREATE TABLE slots (id integer PRIMARY KEY, name varchar(40) NOT NULL, doc text,"
                                + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) STORED UNIQUE)",
                        "CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) NOT NULL, doc varchar(40),"
                                + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) UNIQUE)"));
        stream.insert(SLOT, 1L, "A", "x").insert(SLOT, 2L, "B", "y").commit();
        deliver();
        stream.update(SLOT, 1L, "B", "x").update(SLOT, 2L, "A", "y").commit();
        deliver();
        assertThat(target.query("SELECT id, name, folded FROM slots ORDER BY id"))
                .containsExactly("1|B|b", "2|A|a");
    }

    @Test
    void whatACheckForbidsIsNamedAndItsWholeGroupStaysAway() throws Exception {
        target.prepared("CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40), doc text,"
                + " CONSTRAINT no_b CHECK (name <> 'b'))");
        stream.insert(SLOT, 1L, "a", "x").commit();
        stream.insert(SLOT, 2L, "c", "x").insert(SLOT, 3L, "b", "x").commit();
        stream.insert(SLOT, 4L, "d", "x").commit();
        SinkException failure = catchThrowableOfType(SinkException.class, this::deliver);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(2).id());
        assertThat(failure).hasMessageContaining(server().text("no_b", "the target refused it", "no_b", "no_b"));
        assertThat(slots()).isEmpty();
    }

    @Test
    void aSwapWithSomebodyElsesRowIsRefusedByName() throws Exception {
        target.prepared(SLOTS, "INSERT INTO slots VALUES (99, 'taken', 'foreign')");
        stream.insert(SLOT, 1L, "a", "x").insert(SLOT, 2L, "taken", "x").commit();
        SinkException failure = catchThrowableOfType(SinkException.class, this::deliver);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(1).id());
        assertThat(slots()).containsExactly("99|taken|foreign");
    }

    private void noteUpdatesOfNodes() throws Exception {
        target.prepared(
                "CREATE TABLE seen (id bigint)",
                server().text(
                                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                                        + " $$ BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NEW; END $$",
                                "SET @unused = 1",
                                "SELECT 1",
                                "SELECT 1"),
                "CREATE TRIGGER note AFTER UPDATE ON nodes FOR EACH ROW "
                        + server().text(
                                        "EXECUTE FUNCTION note()",
                                        "INSERT INTO seen VALUES (NEW.id)",
                                        "BEGIN INSERT INTO seen VALUES (NEW.id); END",
                                        "CALL '" + H2Triggers.Noting.class.getName() + "'"));
    }

    /** What a trigger does may depend on the order of the rows, which is not changed then. */
    @Test
    void triggersAreSeen() throws Exception {
        target.prepared("CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint)");
        assertThat(nodes().hasTriggers()).isFalse();
        assertThat(nodes().uniqueIndexes()).isEqualTo(1);
        noteUpdatesOfNodes();
        assertThat(nodes().hasTriggers()).isTrue();
    }

    private TargetTable nodes() throws Exception {
        Dialect dialect = Dialects.of(server().url(target.database)).orElseThrow();
        try (Connection connection = server().connect(target.database)) {
            return dialect.describe(connection, new TargetName(Optional.empty(), "nodes"))
                    .orElseThrow();
        }
    }

    @Test
    void transactionsBesideTheOneInTroubleStayCombined() throws Exception {
        target.prepared(SLOTS, "CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint)");
        noteUpdatesOfNodes();
        stream.insert(NODE, 1L, 0L)
                .insert(SLOT, 1L, "a", "x")
                .insert(SLOT, 2L, "b", "y")
                .commit();
        deliver();
        for (long i = 1; i <= 256; i++) {
            stream.update(NODE, 1L, i).commit();
            if (i == 100) {
                stream.update(SLOT, 1L, "b", "x").update(SLOT, 2L, "a", "y").commit();
            }
        }
        deliver();
        assertThat(target.query("SELECT parent FROM nodes")).containsExactly("256");
        assertThat(slots()).containsExactly("1|b|x", "2|a|y");
        assertThat(Integer.parseInt(target.query("SELECT count(*) FROM seen").get(0)))
                .isLessThan(12);
    }

    @Test
    void partialRowsSwapUniqueValuesThatMayBeNull() throws Exception {
        target.prepared("CREATE TABLE slots (id bigint PRIMARY KEY, name varchar(40) UNIQUE, doc text)");
        stream.insert(SLOT, 1L, "a", "big").insert(SLOT, 2L, "b", "large").commit();
        deliver();
        stream.update(SLOT, 1L, "b", Row.absent())
                .update(SLOT, 2L, "a", Row.absent())
                .commit();
        deliver();
        assertThat(slots()).containsExactly("1|b|big", "2|a|large");
    }
}
