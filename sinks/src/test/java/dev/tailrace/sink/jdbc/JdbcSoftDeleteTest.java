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
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that are deleted at the source stay with a mark. */
class JdbcSoftDeleteTest implements ServerSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final String ALL = "SELECT id, name, doc, tailrace_deleted_at IS NOT NULL FROM item ORDER BY id";

    private JdbcTarget marking() throws Exception {
        JdbcTarget target = new JdbcTarget(server()).with("deletes", "mark");
        target.open(1, ITEM);
        return target;
    }

    private String row(String values, boolean deleted) {
        return values + "|" + (deleted ? server().text("t", "1", "1", "TRUE") : server().text("f", "0", "0", "FALSE"));
    }

    @Test
    void aDeletedRowStaysWithTheTimeOfItsDeletion() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a", "x").insert(ITEM, 2L, "b", "y").commit();
        stream.delete(ITEM, 1L).commit();
        try (JdbcTarget target = marking()) {
            for (var frame : stream.frames()) {
                target.write(frame.batch());
            }
            assertThat(target.query(ALL)).containsExactly(row("1|a|x", true), row("2|b|y", false));
            // 2025-11-24 16:00:01.123459 UTC, the second commit's
            assertThat(target.query("SELECT "
                                    + server().text(
                                                    "to_char(tailrace_deleted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
                                                    "tailrace_deleted_at",
                                                    "tailrace_deleted_at",
                                                    "CAST(tailrace_deleted_at AS varchar)")
                                    + " FROM item WHERE id = 1")
                            .get(0))
                    .startsWith("2025-11-24 16:00:01.123459");
        }
    }

    @Test
    void inOneBatchItIsTheSame() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a", "x").commit();
        stream.update(ITEM, 1L, "b", Row.absent()).commit();
        stream.delete(ITEM, 1L).delete(ITEM, 99L).commit();
        try (JdbcTarget target = marking()) {
            target.write(stream);
            assertThat(target.query(ALL)).containsExactly(row("1|b|x", true));
        }
    }

    @Test
    void aLaterInsertClearsTheMark() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a", "x").delete(ITEM, 1L).commit();
        stream.insert(ITEM, 1L, "again", null).commit();
        try (JdbcTarget target = marking()) {
            target.write(stream.frames().get(0).batch());
            target.write(stream.frames().get(1).batch());
            assertThat(target.query(ALL)).containsExactly(row("1|again|-", false));
        }
    }

    @Test
    void aTruncationMarksAllAndKeepsEarlierMarks() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a", "x")
                .insert(ITEM, 2L, "b", "y")
                .delete(ITEM, 1L)
                .commit();
        stream.truncate(ITEM).insert(ITEM, 3L, "c", "z").commit();
        try (JdbcTarget target = marking()) {
            target.write(stream.frames().get(0).batch());
            String first = target.query("SELECT tailrace_deleted_at FROM item WHERE id = 1")
                    .get(0);
            target.write(stream.frames().get(1).batch());
            assertThat(target.query(ALL)).containsExactly(row("1|a|x", true), row("2|b|y", true), row("3|c|z", false));
            assertThat(target.query("SELECT tailrace_deleted_at FROM item WHERE id = 1"))
                    .containsExactly(first);
        }
    }

    @Test
    void aMovedRowTakesThePlaceOfAMarkedOne() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ITEM, 1L, "a", "x")
                .insert(ITEM, 2L, "b", "y")
                .delete(ITEM, 1L)
                .commit();
        stream.rekey(ITEM, List.of(2L), 1L, "b", Row.absent()).commit();
        try (JdbcTarget target = marking()) {
            target.write(stream.frames().get(0).batch());
            target.write(stream.frames().get(1).batch());
            assertThat(target.query(ALL)).containsExactly(row("1|b|y", false));
        }
    }

    @Test
    void anExistingTableNeedsTheColumn() throws Exception {
        JdbcTarget target = new JdbcTarget(server())
                .with("deletes", "mark")
                .with("deleted-column", "gone_at")
                .prepared("CREATE TABLE item (id bigint PRIMARY KEY, name text, doc text)");
        try (target) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(1, ITEM));
            assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
            assertThat(target.definition().preflight(JdbcTarget.context(1, ChangeStream.JOURNAL, ITEM)))
                    .anyMatch(finding -> finding.remedy().equals(failure.remedy()));
            target.prepared(failure.remedy());
            target.open(2, ITEM);
            ChangeStream stream = new ChangeStream();
            stream.insert(ITEM, 1L, "a", "x").delete(ITEM, 1L).commit();
            target.write(stream);
            assertThat(target.query("SELECT id FROM item WHERE gone_at IS NOT NULL"))
                    .containsExactly("1");
        }
    }

    @Test
    void aMissingRowIsStillNeverMadeUp() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.update(ITEM, 5L, "b", Row.absent()).commit();
        try (JdbcTarget target = marking()) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
            assertThat(failure.code()).isEqualTo("JDBC-ROW-MISSING");
        }
    }
}
