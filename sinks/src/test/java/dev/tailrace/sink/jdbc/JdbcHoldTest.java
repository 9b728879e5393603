package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcEvolutionTest.item;
import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A table waits, all others go on, and nothing is lost or written twice, whatever dies. */
class JdbcHoldTest extends TargetSuite {
    private static final TableId ITEM = new TableId("public", "item");
    private static final Column ID = Column.of("id", "int8", ValueType.INT64, false);
    private static final TableSchema OTHER = table(100, "other", List.of(0), number("id"), text("name"));

    private static final TableSchema NAME = item(1, ID, text("name"));
    private static final TableSchema TITLE = item(2, ID, text("title"));

    private HoldingSink sink;

    @AfterEach
    void closeSink() {
        if (sink != null) {
            sink.close();
        }
    }

    /** Stands for a process that dies there. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static FaultPoint dieAt(String point) {
        return name -> {
            if (name.equals(point)) {
                throw new Died();
            }
        };
    }

    private void open(FaultPoint faults, TableSchema... tables) throws SinkException {
        if (sink != null) {
            sink.close();
        }
        sink = (HoldingSink) target.definition().create();
        sink.open(new SinkContext(
                "agent", "sink", ChangeStream.JOURNAL, 1, "start-1", Path.of("unused"), List.of(tables), faults));
    }

    private WriteResult write(Frame... frames) throws SinkException {
        return sink.write(ChangeStream.batch(List.of(frames)));
    }

    /** What the pipeline does: every frame behind the hold up to the newest one that the others have, then the joining. */
    private void catchUp() throws SinkException {
        HeldTable held = sink.held().get(0);
        long last = stream.frames().size();
        for (Frame frame : stream.frames()) {
            if (frame.sequence() <= held.after()) {
                continue;
            }
            List<ChangeEvent> events = frame.transaction().events().stream()
                    .filter(e -> e.table().equals(held.table()))
                    .toList();
            if (events.isEmpty() && !frame.transaction().last()) {
                continue;
            }
            Transaction part = Holds.part(frame.transaction(), events);
            Optional<WriteResult> result =
                    sink.catchUp(held.table(), new Batch(List.of(part), frame.sequence() - 1, frame.checkpoint()));
            if (result.isEmpty()) {
                return;
            }
        }
        sink.join(held.table(), last);
    }

    private HeldTable held() {
        assertThat(sink.held()).hasSize(1);
        return sink.held().get(0);
    }

    private List<String> items() throws Exception {
        return target.query("SELECT * FROM item ORDER BY id");
    }

    private List<String> others() throws Exception {
        return target.query("SELECT * FROM other ORDER BY id");
    }

    @Test
    void aMaybeRenamedColumnHoldsThatTableAloneAndLosesNothing() throws Exception {
        open(FaultPoint.NONE, NAME, OTHER);
        write(stream.insert(NAME, 1L, "a").insert(OTHER, 1L, "x").commit());
        write(
                stream.insert(NAME, 2L, "b").insert(OTHER, 2L, "y").commit(),
                stream.insert(TITLE, 3L, "c")
                        .update(TITLE, 1L, "a3")
                        .insert(OTHER, 3L, "z")
                        .commit());
        write(stream.insert(OTHER, 4L, "w").delete(TITLE, 2L).commit());
        assertThat(others()).containsExactly("1|x", "2|y", "3|z", "4|w");
        assertThat(items()).containsExactly("1|a");
        HeldTable held = held();
        assertThat(held.table()).isEqualTo(ITEM);
        assertThat(held.after()).isEqualTo(1);
        assertThat(held.approved()).isFalse();
        assertThat(held.code()).isEqualTo("JDBC-SCHEMA-PAUSED");
        assertThat(held.plan()).singleElement().asString().contains("RENAME COLUMN");
        open(FaultPoint.NONE, TITLE, OTHER);
        assertThat(held()).as("over a restart").isEqualTo(held);
        write(stream.insert(TITLE, 4L, "d").insert(OTHER, 5L, "v").commit());
        assertThat(others()).hasSize(5);
        sink.approve(ITEM);
        catchUp();
        assertThat(sink.held()).isEmpty();
        assertThat(items()).containsExactly("1|a3", "3|c", "4|d");
        assertThat(target.query("SELECT * FROM item WHERE title = 'a3'")).hasSize(1);
        write(stream.insert(TITLE, 5L, "e").insert(NAME, 6L, "f").commit());
        assertThat(items()).as("an older shape finds the new name").contains("5|e", "6|f");
    }

    @Test
    void anApprovalCountsOnlyForTheShapeThatWasSeen() throws Exception {
        TableSchema first = item(1, ID, number("n"));
        TableSchema renamed = item(2, ID, number("m"));
        TableSchema keyed = item(3, List.of(0, 1), ID, Column.of("m", "int8", ValueType.INT64, false));
        open(FaultPoint.NONE, first);
        write(stream.insert(first, 1L, 10L).commit());
        write(stream.insert(renamed, 2L, 20L).commit());
        write(stream.insert(keyed, 3L, 30L).commit());
        sink.approve(ITEM);
        catchUp();
        assertThat(held().reason()).contains("primary key");
        assertThat(held().approved()).isFalse();
        assertThat(items()).containsExactly("1|10", "2|20");
        sink.approve(ITEM);
        catchUp();
        assertThat(sink.held()).isEmpty();
        write(stream.insert(keyed, 3L, 31L).commit());
        assertThat(items()).containsExactlyInAnyOrder("1|10", "2|20", "3|30", "3|31");
    }

    @Test
    void whatAnOperatorHasDoneIsNotDoneAgain() throws Exception {
        open(FaultPoint.NONE, NAME);
        write(stream.insert(NAME, 1L, "a").commit());
        write(stream.insert(NAME, 2L, "b").insert(TITLE, 3L, "c").commit());
        String type = server().text("text", "longtext");
        target.prepared("ALTER TABLE item ADD COLUMN title " + type);
        sink.approve(ITEM);
        catchUp();
        assertThat(target.query("SELECT id, name, title FROM item ORDER BY id"))
                .as("it was another column, not a renamed one")
                .containsExactly("1|a|-", "2|b|-", "3|-|c");
    }

    @Test
    void theTargetIsItsOwnersWhenTablesAreNotCreated() throws Exception {
        String type = server().text("text", "longtext");
        target.prepared("CREATE TABLE item (id bigint PRIMARY KEY, name " + type + ")");
        target.with("create-tables", false);
        TableSchema after = item(2, ID, text("name"), text("more"));
        open(FaultPoint.NONE, NAME);
        write(stream.insert(NAME, 1L, "a").insert(after, 2L, "b", "m").commit());
        String plan = held().plan().get(0);
        assertThat(plan).contains("ADD COLUMN");
        sink.approve(ITEM);
        catchUp();
        assertThat(held().reason()).startsWith("approved, but the target is not fit yet");
        target.prepared(plan);
        sink.approve(ITEM);
        catchUp();
        assertThat(items()).containsExactly("1|a|-", "2|b|m");
    }

    @Test
    void aPolicyThatFollowsARenameStillWaitsForTheChangesBeforeIt() throws Exception {
        target.with("schema-changes", Map.of("rename", "evolve"));
        open(FaultPoint.NONE, NAME);
        write(stream.insert(NAME, 1L, "a").commit());
        write(stream.update(NAME, 1L, "a2").insert(TITLE, 2L, "b").commit());
        assertThat(held().approved()).isTrue();
        catchUp();
        assertThat(target.query("SELECT id, title FROM item ORDER BY id")).containsExactly("1|a2", "2|b");
    }

    @Test
    void aStatementThatTheTargetRefusesHoldsTheTable() throws Exception {
        TableSchema number = item(2, ID, Column.of("name", "int4", ValueType.INT32, true));
        open(FaultPoint.NONE, NAME, OTHER);
        write(stream.insert(NAME, 1L, "not a number").commit());
        write(stream.insert(number, 2L, 2).insert(OTHER, 1L, "x").commit());
        assertThat(held().reason()).contains("(narrow)");
        sink.approve(ITEM);
        catchUp();
        assertThat(held().approved()).isFalse();
        assertThat(held().reason()).doesNotContain("not a number");
        assertThat(items()).containsExactly("1|not a number");
        target.prepared("UPDATE item SET name = '1'");
        sink.approve(ITEM);
        catchUp();
        assertThat(items()).containsExactly("1|1", "2|2");
        assertThat(others()).containsExactly("1|x");
    }

    @Test
    void aHeldTableInALargeTransaction() throws Exception {
        open(FaultPoint.NONE, NAME, OTHER);
        Frame one = stream.insert(NAME, 1L, "a").insert(OTHER, 1L, "x").part();
        Frame two = stream.insert(TITLE, 2L, "b").insert(OTHER, 2L, "y").part();
        Frame three = stream.insert(TITLE, 3L, "c").insert(OTHER, 3L, "z").commit();
        assertThat(write(one)).isEqualTo(WriteResult.PENDING);
        SinkException barrier = catchThrowableOfType(SinkException.class, () -> write(two));
        assertThat(barrier.code()).isEqualTo("JDBC-SCHEMA-BARRIER");
        open(FaultPoint.NONE, TITLE, OTHER);
        assertThat(write(one)).isEqualTo(WriteResult.PENDING);
        write(two);
        write(three);
        assertThat(others()).containsExactly("1|x", "2|y", "3|z");
        assertThat(items()).isEmpty();
        assertThat(held().after()).isZero();
        sink.approve(ITEM);
        catchUp();
        assertThat(target.query("SELECT id, title FROM item ORDER BY id")).containsExactly("1|a", "2|b", "3|c");
    }

    @Test
    void aProcessThatDiesAnywhereInBetweenLeavesNothingHalfDone() throws Exception {
        open(FaultPoint.NONE, NAME, OTHER);
        write(stream.insert(NAME, 1L, "a").commit());
        // An update of a counter that is written twice would show.
        Frame held = stream.insert(NAME, 2L, "b")
                .delete(NAME, 1L)
                .insert(TITLE, 1L, "c")
                .insert(OTHER, 1L, "x")
                .commit();
        List<String> points = List.of("sink.jdbc.before-commit", "sink.jdbc.after-commit");
        for (String point : points) {
            open(dieAt(point), TITLE, OTHER);
            assertThat(catchThrowableOfType(Died.class, () -> write(held)))
                    .as(point)
                    .isNotNull();
            open(FaultPoint.NONE, TITLE, OTHER);
            assertThat(held().after()).as(point).isEqualTo(1);
        }
        write(held);
        sink.approve(ITEM);
        for (String point : List.of(
                "sink.jdbc.catch-up-before-commit",
                "sink.jdbc.catch-up-after-commit",
                "sink.jdbc.before-ddl",
                "sink.jdbc.after-ddl",
                "sink.jdbc.mid-batch")) {
            open(dieAt(point), TITLE, OTHER);
            assertThat(catchThrowableOfType(Died.class, this::catchUp))
                    .as(point)
                    .isNotNull();
        }
        open(FaultPoint.NONE, TITLE, OTHER);
        catchUp();
        assertThat(sink.held()).isEmpty();
        assertThat(target.query("SELECT id, title FROM item ORDER BY id")).containsExactly("1|c", "2|b");
        assertThat(others()).containsExactly("1|x");
    }

    @Test
    void aCheckpointThatWasPutBackTakesTheHoldWithIt() throws Exception {
        open(FaultPoint.NONE, NAME, OTHER);
        write(stream.insert(NAME, 1L, "a").insert(OTHER, 1L, "x").commit());
        write(stream.insert(OTHER, 2L, "y").commit());
        write(stream.insert(TITLE, 2L, "b").commit());
        assertThat(held().after()).isEqualTo(2);
        sink.close();
        target.prepared(
                "UPDATE tailrace_checkpoint SET sequence = 0, sequence_token = ''",
                "DELETE FROM item",
                "DELETE FROM other");
        open(FaultPoint.NONE, TITLE, OTHER);
        assertThat(held().after()).isZero();
        for (Frame frame : stream.frames()) {
            write(frame);
        }
        sink.approve(ITEM);
        catchUp();
        assertThat(target.query("SELECT id, title FROM item ORDER BY id")).containsExactly("1|a", "2|b");
        assertThat(others()).containsExactly("1|x", "2|y");
    }

    @Test
    void theDeskShowsAndApprovesWithoutASink() throws Exception {
        open(FaultPoint.NONE, NAME);
        write(stream.insert(NAME, 1L, "a").commit());
        write(stream.insert(TITLE, 2L, "b").commit());
        sink.close();
        var desk = target.definition()
                .schemaDesk(JdbcTarget.context(1, ChangeStream.JOURNAL))
                .orElseThrow();
        assertThat(desk.states()).singleElement().satisfies(state -> {
            assertThat(state.version()).isEqualTo(1);
            assertThat(state.held().code()).isEqualTo("JDBC-SCHEMA-PAUSED");
        });
        List<String> plan = new ArrayList<>();
        desk.changes(NAME, TITLE).forEach(change -> plan.addAll(change.plan()));
        assertThat(plan).isEqualTo(desk.states().get(0).held().plan());
        assertThat(desk.approve(ITEM)).isTrue();
        assertThat(desk.approve(ITEM)).as("once is enough").isFalse();
        assertThat(desk.approve(OTHER.table())).isFalse();
        open(FaultPoint.NONE, TITLE);
        catchUp();
        assertThat(target.query("SELECT id, title FROM item ORDER BY id")).containsExactly("1|a", "2|b");
    }
}
