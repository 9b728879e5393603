package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may write: epochs, and the tokens that tell starts of copied data directories apart (I6). */
class JdbcFenceTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    /** As it was created before starts had tokens. */
    private static final String OLD_TABLE =
            "CREATE TABLE tailrace_checkpoint (pipeline varchar(255) NOT NULL PRIMARY KEY,"
                    + " journal text NOT NULL, epoch bigint NOT NULL, sequence bigint NOT NULL, position text NOT NULL,"
                    + " updated_at timestamp with time zone NOT NULL)";

    private static SinkContext of(long epoch, String token) {
        return JdbcTarget.context(epoch, token, ChangeStream.JOURNAL, ITEM);
    }

    SinkException refused(SinkContext context) {
        try (Sink sink = target.definition().create()) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> sink.open(context));
            assertThat(failure).as("opened").isNotNull();
            return failure;
        }
    }

    @Test
    void anotherStartOfTheSameEpochIsRefusedBeforeAndAfterTheFirstWrite() throws Exception {
        Frame frame = stream.insert(ITEM, 1L, "a").commit();
        try (Sink first = target.definition().create()) {
            first.open(of(3, "one"));
            assertThat(refused(of(3, "two")).code()).isEqualTo("JDBC-FENCED");
            first.write(frame.batch());
            SinkException failure = refused(of(3, "two"));
            assertThat(failure.code()).isEqualTo("JDBC-FENCED");
            assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
            assertThat(failure).hasMessageContaining("another start of the same epoch 3");
            first.write(stream.insert(ITEM, 2L, "b").commit().batch());
        }
        assertThat(target.query("SELECT name FROM item ORDER BY id")).containsExactly("a", "b");
    }

    @Test
    void theSameStartComesBackAndALaterOneTakesOver() throws Exception {
        Frame frame = stream.insert(ITEM, 1L, "a").commit();
        for (SinkContext context : List.of(of(3, "one"), of(3, "one"), of(4, "two"))) {
            try (CheckpointingSink sink =
                    (CheckpointingSink) target.definition().create()) {
                sink.open(context);
                sink.write(frame.batch());
            }
        }
        assertThat(target.query("SELECT epoch, epoch_token, sequence, sequence_token FROM tailrace_checkpoint"))
                .containsExactly("4|two|1|" + ChangeStream.TOKEN);
        assertThat(refused(of(3, "one")).code()).isEqualTo("JDBC-FENCED");
    }

    /** It had the row before the other copy, whose row this is now, though the epochs are equal. */
    @Test
    void aZombieOfTheSameEpochCannotWrite() throws Exception {
        Frame frame = stream.insert(ITEM, 1L, "zombie").commit();
        try (Sink zombie = target.definition().create()) {
            zombie.open(of(3, "one"));
            target.prepared("UPDATE tailrace_checkpoint SET epoch_token = 'two'");
            SinkException failure = catchThrowableOfType(SinkException.class, () -> zombie.write(frame.batch()));
            assertThat(failure.code()).isEqualTo("JDBC-FENCED");
        }
        assertThat(target.query("SELECT * FROM item")).isEmpty();
    }

    @Test
    void columnsThatAnOlderTableLacksAreAdded() throws Exception {
        target.prepared(
                OLD_TABLE,
                "INSERT INTO tailrace_checkpoint VALUES ('agent/sink', '" + ChangeStream.JOURNAL
                        + "', 3, 7, '0/7', CURRENT_TIMESTAMP)");
        assertThat(target.definition().preflight(of(3, "")))
                .anySatisfy(f -> assertThat(f.remedy())
                        .contains(
                                "ALTER TABLE "
                                        + server().text(
                                                        "\"public\".\"tailrace_checkpoint\"",
                                                        "`" + target.database + "`.`tailrace_checkpoint`",
                                                        "`main`.`tailrace_checkpoint`",
                                                        "\"public\".\"tailrace_checkpoint\"")
                                        + " ADD COLUMN epoch_token",
                                "ADD COLUMN sequence_token"));
        CheckpointingSink sink = target.open(4, ITEM);
        assertThat(sink.checkpoint()).contains(new Checkpoint(ChangeStream.JOURNAL, 7, "", "0/7"));
        assertThat(target.query("SELECT epoch, epoch_token, sequence, sequence_token FROM tailrace_checkpoint"))
                .containsExactly("4|start-4|7|");
        assertThat(target.definition().preflight(of(4, "start-4"))).isEmpty();
    }

    @Test
    void whoeverMayNotAddThemIsToldTheStatement() throws Exception {
        assumeFalse(server().isEmbedded(), "who may write the file may change its tables");
        String role = "writer_" + target.database;
        target.prepared(
                OLD_TABLE,
                "CREATE ROLE " + role + " LOGIN PASSWORD 'w'",
                "GRANT SELECT, INSERT, UPDATE ON tailrace_checkpoint TO " + role,
                "GRANT CREATE, USAGE ON SCHEMA public TO " + role);
        target.with("user", role).with("password", "w");
        try {
            SinkException failure = refused(of(4, "start-4"));
            assertThat(failure.code()).isEqualTo("JDBC-PERMISSION");
            assertThat(failure.remedy()).startsWith("run as its owner: ALTER TABLE");
        } finally {
            target.prepared("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }
}
