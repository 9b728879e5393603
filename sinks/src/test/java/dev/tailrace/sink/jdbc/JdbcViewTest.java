package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Declared keys, masks, filters, truncations and other names, down to the tables of a real database. */
class JdbcViewTest implements ServerSuite {
    private static final TableSchema LOG = table(1, "log", List.of(), number("n"), text("line"));
    private static final TableSchema CUSTOMER =
            table(2, "customer", List.of(0), text("email"), text("ssn"), text("phone"), number("total"));
    private static final String KEY = "0123456789abcdef";

    @Test
    void declaredColumnsNameARow() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(LOG, 1L, "a").insert(LOG, 2L, "b").commit();
        stream.add(Operation.UPDATE, LOG, Row.of(LOG, 1L, "a"), Row.of(LOG, 3L, "c"))
                .add(Operation.DELETE, LOG, Row.of(LOG, 2L, "b"), null)
                .commit();
        try (JdbcTarget target = new JdbcTarget(server()).with("keys", Map.of("public.log", List.of("n")))) {
            target.open(1, LOG);
            target.write(stream);
            assertThat(target.query("SELECT * FROM log")).containsExactly("3|c");
        }
    }

    @Test
    void masksReachEveryImageAndHashedKeysFollowTheirRow() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(CUSTOMER, "a@x", "ssn-1", "phone-1", 1L)
                .insert(CUSTOMER, "b@x", "ssn-2", null, 2L)
                .commit();
        stream.add(
                        Operation.UPDATE,
                        CUSTOMER,
                        Row.of(CUSTOMER, "a@x", "ssn-1", "phone-1", 1L),
                        Row.of(CUSTOMER, "c@x", "ssn-3", "phone-2", 3L))
                .delete(CUSTOMER, "b@x")
                .commit();
        Map<String, Object> rules = Map.of(
                "drop",
                List.of("ssn"),
                "hash",
                List.of("email"),
                "fixed",
                Map.of("phone", "***"),
                "rename",
                Map.of("total", "sum_total"));
        try (JdbcTarget target = masked(rules);
                JdbcTarget history = masked(rules).with("mode", "append")) {
            target.open(1, CUSTOMER);
            target.write(stream);
            assertThat(target.query("SELECT length(email), phone, sum_total FROM customer"))
                    .containsExactly("64|***|3");
            history.open(1, CUSTOMER);
            history.write(stream);
            assertThat(history.query("SELECT * FROM customer"))
                    .hasSize(4)
                    .allSatisfy(row -> assertThat(row).doesNotContain("@x", "ssn-", "phone-"));
            // the same value has the same hash
            assertThat(history.query("SELECT count(DISTINCT email) FROM customer"))
                    .containsExactly("3");
        }
    }

    private JdbcTarget masked(Map<String, Object> rules) throws Exception {
        return new JdbcTarget(server())
                .with("columns", Map.of("public.customer", rules))
                .with("mask-key", KEY);
    }

    @Test
    void rowsComeAndGoByTheFilter() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(CUSTOMER, "a", "s", "paid", 5L)
                .insert(CUSTOMER, "b", "s", "open", 500L)
                .commit();
        stream.add(Operation.UPDATE, CUSTOMER, row("a", "paid", 5L), row("a", "paid", 200L))
                .commit();
        stream.add(Operation.UPDATE, CUSTOMER, row("b", "open", 500L), row("b", "paid", 500L))
                .commit();
        stream.add(Operation.UPDATE, CUSTOMER, row("a", "paid", 200L), row("a", "open", 200L))
                .commit();
        List<List<String>> states = List.of(List.of(), List.of("a|200"), List.of("a|200", "b|500"), List.of("b|500"));
        try (JdbcTarget target =
                new JdbcTarget(server()).with("where", Map.of("public.customer", "phone = 'paid' and total > 100"))) {
            target.open(1, CUSTOMER);
            for (int i = 0; i < states.size(); i++) {
                target.write(stream.frames().get(i).batch());
                assertThat(target.query("SELECT email, total FROM customer ORDER BY 1"))
                        .as("after %d", i)
                        .isEqualTo(states.get(i));
            }
            assertThat(target.query("SELECT sequence FROM tailrace_checkpoint")).containsExactly("4");
        }
    }

    private static Row row(String email, String state, long total) {
        return Row.of(CUSTOMER, email, "s", state, total);
    }

    @Test
    void aTruncationIsIgnoredButThatOfANewSnapshotAttemptIsNot() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(CUSTOMER, "a", "s", "p", 5L).commit();
        stream.truncate(CUSTOMER).commit();
        try (JdbcTarget target = new JdbcTarget(server()).with("truncate", "ignore")) {
            target.open(1, CUSTOMER);
            target.write(stream);
            assertThat(target.query("SELECT email FROM customer")).containsExactly("a");
            Transaction last = stream.frames().get(1).transaction();
            Transaction restart = Transaction.whole(
                    "snapshot-2",
                    last.position(),
                    last.commitMicros(),
                    List.of(ChangeEvent.ofSnapshot(Operation.TRUNCATE, CUSTOMER, last.position(), 2, 0, null)));
            ChangeStream third = new ChangeStream();
            third.commit();
            third.commit();
            target.write(new Batch(List.of(restart), third.commit().checkpoint()));
            assertThat(target.query("SELECT email FROM customer")).isEmpty();
        }
    }

    @Test
    void aTruncationHaltsWhenItShall() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(CUSTOMER, "a", "s", "p", 5L).truncate(CUSTOMER).commit();
        try (JdbcTarget target = new JdbcTarget(server()).with("truncate", "halt")) {
            target.open(1, CUSTOMER);
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
            assertThat(failure.code()).isEqualTo("VIEW-TRUNCATE");
            assertThat(failure.disposition()).isEqualTo(SinkException.Disposition.HALT);
            assertThat(target.query("SELECT email FROM customer")).isEmpty();
        }
    }

    @Test
    void aTableGoesToTheNameThatItIsGiven() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(CUSTOMER, "a", "s", "p", 5L).insert(LOG, 1L, "a").commit();
        try (JdbcTarget target = new JdbcTarget(server())
                .with("keys", Map.of("public.log", List.of("n")))
                .with("rename", Map.of("public.customer", server().text("sales.people", "people")))) {
            target.open(1, CUSTOMER, LOG);
            target.write(stream);
            assertThat(target.query("SELECT email FROM " + server().text("sales.people", "people")))
                    .containsExactly("a");
            assertThat(target.query("SELECT n FROM log")).containsExactly("1");
        }
    }

    @Test
    void twoTablesNeverBecomeOne() throws Exception {
        try (JdbcTarget target = new JdbcTarget(server())
                .with("keys", Map.of("public.log", List.of("n")))
                .with("rename", Map.of("public.customer", server().text("public.log", "log")))) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(1, CUSTOMER, LOG));
            assertThat(failure.code()).isEqualTo("JDBC-TARGET-NAME");
        }
    }
}
