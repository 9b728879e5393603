package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A row that the target refuses among many that it takes: everything else arrives, the row's later changes wait behind it
 * in order, the agent is killed with SIGKILL in every window of that, and when the target is mended an operator's word
 * brings what waited. From PostgreSQL to PostgreSQL, as upserts and as a history. {@code -Dpoison.rows=100000} is the long
 * form.
 */
class DeadLetterCrashTest extends PostgresPair {
    private static final int ROWS = Integer.getInteger("poison.rows", 20_000);
    private static final String POISON = "4711";

    @Test
    void oneRowAmongManyWaitsAndTheOthersDoNot() throws Exception {
        try (Connection source = source();
                Connection target = target();
                WaysAgent agent = agent()) {
            run(source, "CREATE TABLE item (id bigint PRIMARY KEY, size int, label text)");
            agent.process.start(armed("pipeline.after-refusal=hold"));
            agent.await(
                    "it streams", () -> agent.answers() && agent.sourceState().equals("streaming"));
            run(
                    source,
                    "INSERT INTO item SELECT n, CASE n WHEN " + POISON + " THEN 5000 ELSE n % 1000 END, 'x' || n"
                            + " FROM generate_series(1, " + ROWS + ") n");
            killAt(agent, "pipeline.after-refusal");
            agent.process.start(armed("pipeline.after-park=hold"));
            killAt(agent, "pipeline.after-park");
            agent.process.start();
            agent.await("everything else arrives", () -> count(target, "item") == ROWS - 1);
            run(source, "UPDATE item SET label = 'second' WHERE id = " + POISON);
            run(source, "UPDATE item SET id = 1000000 WHERE id = " + POISON);
            run(source, "UPDATE item SET label = 'third' WHERE id IN (1000000, 1)");
            agent.await("another row goes on", () -> count(target, "item WHERE label = 'third'") == 1);
            agent.await("it is a dead letter", () -> agent.sink("rows").deadLetters() == 1);
            assertThat(agent.sink("rows").parkedKeys()).isEqualTo(2);
            assertThat(agent.sink("history").deadLetters())
                    .as("the history takes it")
                    .isZero();
            String letter = listed(agent);

            run(target, "ALTER TABLE item DROP CONSTRAINT item_size_check");
            agent.process.kill();
            assertThat(agent.verb("dlq", "retry", "--table", "public.item", "--dry-run"))
                    .contains("would be tried again");
            assertThat(agent.verb("dlq", "retry", "--table", "public.item", "--reason", "mended"))
                    .contains(letter + " is tried again");
            for (String window : List.of("pipeline.before-redrive", "pipeline.after-redrive")) {
                agent.process.start(armed(window + "=hold"));
                killAt(agent, window);
            }
            agent.process.start();
            agent.await(
                    "nothing waits",
                    () -> agent.answers()
                            && agent.sink("rows").state().equals("running")
                            && agent.sink("rows").parkedKeys() == 0);
            run(source, "UPDATE item SET label = 'last' WHERE id = 1000000");
            agent.await("the same rows", () -> rows(source).equals(rows(target)));
            agent.verb("pause", "history");
            agent.verb("resume", "history");
            assertThat(agent.verb("dlq", "audit")).contains("retry", "mended");
            assertThat(agent.verb("orders")).containsSubsequence("dlq retry", "mended", "pause", "resume");
            assertThat(count(target, "history_item")).as("each change once").isEqualTo(ROWS + 5);

            run(target, "ALTER TABLE item ADD CONSTRAINT smaller CHECK (size < 6000) NOT VALID");
            run(source, "INSERT INTO item VALUES (2000000, 7000, 'too large')");
            agent.await("it waits", () -> agent.sink("rows").parkedKeys() == 1);
            String large = new ObjectMapper()
                    .readTree(agent.verb("dlq", "list", "--json"))
                    .at("/letters/0/letter")
                    .asText();
            assertThat(agent.verb("dlq", "edit", large, "--set", "size=5999", "--reason", "cut", "--dry-run"))
                    .contains("5999");
            agent.verb("dlq", "edit", large, "--set", "size=5999", "--reason", "cut");
            agent.await("it has arrived", () -> count(target, "item WHERE id = 2000000 AND size = 5999") == 1);
            agent.await("nothing waits", () -> agent.sink("rows").parkedKeys() == 0);
            agent.requireUnhalted();
        }
    }

    private static String listed(WaysAgent agent) throws Exception {
        JsonNode letters = new ObjectMapper()
                .readTree(agent.verb("dlq", "list", "--waiting", "--json"))
                .path("letters");
        assertThat(letters).hasSize(4);
        String first = letters.get(0).path("letter").asText();
        assertThat(first).startsWith("rows/");
        assertThat(letters.get(0).path("state").asText()).isEqualTo("dead");
        assertThat(letters.get(0).path("key").get(0).asText()).isEqualTo(POISON);
        assertThat(letters.get(0).path("error").path("code").asText()).isEqualTo("JDBC-REJECTED");
        assertThat(letters.get(0).path("error").path("message").asText())
                .as("no value of the row")
                .doesNotContain("5000");
        assertThat(letters.get(3).path("waits_for").asText()).isEqualTo(first);
        assertThat(agent.verb("dlq", "show", first)).contains("5000", "JDBC-REJECTED");
        return first;
    }

    private static String rows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT count(*) || md5(string_agg(concat_ws('|', id, size, label), ',' ORDER BY id)) FROM item")) {
            result.next();
            return result.getString(1);
        }
    }
}
