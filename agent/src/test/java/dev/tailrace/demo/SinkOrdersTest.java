package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;

/** What an operator orders by the command line, beside a running agent and without one, with a SIGKILL in between. */
class SinkOrdersTest extends PostgresPair {
    @Test
    void aPauseHoldsOverRestartsAndAResumeEndsItAndAHalt() throws Exception {
        try (Connection source = source();
                Connection target = target();
                WaysAgent agent = agent("rejects: halt")) {
            run(source, "CREATE TABLE item (id bigint PRIMARY KEY, size int, label text)");
            agent.process.start();
            run(source, "INSERT INTO item VALUES (1, 1, 'before')");
            agent.await("it arrives", () -> count(target, "item") == 1 && countIfThere(target, "history_item") == 1);

            assertThat(agent.verb("pause", "rows", "--reason", "a new disk"))
                    .isEqualTo("rows is paused" + System.lineSeparator());
            run(source, "INSERT INTO item VALUES (2, 2, 'while it is paused')");
            agent.await("the other one goes on", () -> count(target, "history_item") == 2);
            agent.await("it is paused", () -> agent.sink("rows").state().equals("paused"));
            agent.process.kill();
            agent.process.start();
            run(source, "INSERT INTO item VALUES (3, 3, 'after the kill')");
            agent.await("the other one goes on", () -> count(target, "history_item") == 3);
            assertThat(agent.sink("rows").state()).isEqualTo("paused");
            assertThat(count(target, "item")).isEqualTo(1);

            agent.process.kill();
            assertThat(agent.verb("resume", "rows")).contains("from the agent's next start on");
            agent.process.start();
            agent.await("it has caught up", () -> count(target, "item") == 3);

            run(source, "INSERT INTO item VALUES (4, 4000, 'refused')");
            agent.await(
                    "the sink halts",
                    () -> agent.answers() && agent.sink("rows").state().equals("halted"));
            run(target, "ALTER TABLE item DROP CONSTRAINT item_size_check");
            assertThat(agent.verb("resume", "rows", "--json")).contains("\"running\" : true");
            agent.await("it has caught up", () -> count(target, "item") == 4);
            assertThat(agent.verb("offsets"))
                    .containsPattern("journal +[0-9]+ +[0-9A-F]+/[0-9A-F]+")
                    .containsPattern("sink rows +[0-9]+ +[0-9A-F]+/[0-9A-F]+")
                    .contains("lsn");
            assertThat(agent.verb("orders"))
                    .containsSubsequence("pause", "rows", "a new disk", "resume", "rows", "resume", "rows");
        }
    }
}
