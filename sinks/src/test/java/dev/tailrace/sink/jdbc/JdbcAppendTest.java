package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.Checkpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mode append: a history of changes. */
class JdbcAppendTest implements ServerSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"), text("doc"));
    private static final TableSchema KEYLESS = table(2, "log", List.of(), number("n"));

    @Test
    void everyChangeIsOneRowHoweverOftenItComes() throws Exception {
        try (JdbcTarget target = new JdbcTarget(server())) {
            target.with("mode", "append").with("target", server().text("{schema}.{table}_history", "{table}_history"));
            ChangeStream stream = new ChangeStream();
            stream.insert(ITEM, 1L, "a", "x")
                    .update(ITEM, 1L, "b", Row.absent())
                    .rekey(ITEM, List.of(1L), 2L, null, Row.absent())
                    .delete(ITEM, 2L)
                    .truncate(ITEM)
                    .insert(KEYLESS, 7L)
                    .commit();
            target.open(1, ITEM);
            target.write(stream);
            target.write(new Batch(
                    List.of(stream.frames().get(0).transaction()),
                    new Checkpoint(ChangeStream.JOURNAL, 2, ChangeStream.TOKEN, "again")));
            String yes = server().text("t", "1", "1", "TRUE");
            assertThat(target.query("SELECT tailrace_operation, id, name, doc, tailrace_absent, tailrace_previous_key,"
                            + " tailrace_committed_at IS NOT NULL FROM item_history ORDER BY tailrace_event_id"))
                    .containsExactly(
                            "c|1|a|x|-|-|" + yes,
                            "u|1|b|-|" + server().text("{doc}", "[\"doc\"]", "[\"doc\"]", "[\"doc\"]") + "|-|" + yes,
                            "u|2|-|-|"
                                    + server().text(
                                                    "{doc}|{1}",
                                                    "[\"doc\"]|[\"1\"]", "[\"doc\"]|[\"1\"]", "[\"doc\"]|[\"1\"]")
                                    + "|" + yes,
                            "d|2|-|-|"
                                    + server().text(
                                                    "{name,doc}",
                                                    "[\"name\",\"doc\"]",
                                                    "[\"name\",\"doc\"]",
                                                    "[\"name\",\"doc\"]")
                                    + "|-|" + yes,
                            "t|-|-|-|"
                                    + server().text(
                                                    "{id,name,doc}",
                                                    "[\"id\",\"name\",\"doc\"]",
                                                    "[\"id\",\"name\",\"doc\"]",
                                                    "[\"id\",\"name\",\"doc\"]")
                                    + "|-|" + yes);
            assertThat(target.query("SELECT tailrace_event_id, n FROM log_history"))
                    .containsExactly(stream.events().get(5).id() + "|7");
        }
    }
}
