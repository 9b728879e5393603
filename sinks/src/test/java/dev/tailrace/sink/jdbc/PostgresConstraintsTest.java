package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Constraints that only PostgreSQL has: put off, excluding, on expressions and on parts of a table. */
class PostgresConstraintsTest extends TargetSuite {
    private static final TableSchema SEAT = table(1, "seats", List.of(0), number("id"), text("name"));
    private static final TableSchema TEAM = table(2, "teams", List.of(0), number("id"), number("captain"));
    private static final TableSchema PLAYER = table(3, "players", List.of(0), number("id"), number("team"));
    private static final TableSchema STAY = table(
            4,
            "stays",
            List.of(0),
            number("id"),
            number("room"),
            Column.of("during", "int4range", ValueType.TEXT, true));

    private int delivered;

    private void deliver() throws SinkException {
        List<Frame> frames = stream.frames();
        target.write(ChangeStream.batch(frames.subList(delivered, frames.size())));
        delivered = frames.size();
    }

    @Test
    void deferrableUniqueValuesAreSwapped() throws Exception {
        for (String deferrable : List.of("DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED")) {
            stop();
            target = new JdbcTarget()
                    .prepared(
                            "CREATE TABLE seats (id bigint PRIMARY KEY, name text NOT NULL UNIQUE " + deferrable + ")",
                            "CREATE TABLE tickets (seat bigint REFERENCES seats)");
            stream.insert(SEAT, 1L, "a").insert(SEAT, 2L, "b").commit();
            deliver();
            target.prepared("INSERT INTO tickets VALUES (1), (2)");
            stream.update(SEAT, 1L, "b").update(SEAT, 2L, "a").commit();
            deliver();
            assertThat(target.query("SELECT * FROM seats ORDER BY id")).containsExactly("1|b", "2|a");
        }
    }

    @Test
    void expressionsAndPartsOfATableAreUniqueToo() throws Exception {
        target.prepared(
                "CREATE TABLE seats (id bigint PRIMARY KEY, name text)",
                "CREATE UNIQUE INDEX ON seats (lower(name))",
                "CREATE UNIQUE INDEX ON seats ((1)) WHERE name = 'first'");
        stream.insert(SEAT, 1L, "first").insert(SEAT, 2L, "B").commit();
        deliver();
        stream.update(SEAT, 1L, "b").update(SEAT, 2L, "first").commit();
        deliver();
        assertThat(target.query("SELECT * FROM seats ORDER BY id")).containsExactly("1|b", "2|first");
    }

    @Test
    void staysThatExcludeEachOtherChangeRooms() throws Exception {
        target.prepared(
                "CREATE EXTENSION btree_gist",
                "CREATE TABLE stays (id bigint PRIMARY KEY, room bigint NOT NULL, during int4range NOT NULL,"
                        + " EXCLUDE USING gist (room WITH =, during WITH &&))");
        stream.insert(STAY, 1L, 7L, "[1,5)").insert(STAY, 2L, 8L, "[2,4)").commit();
        deliver();
        stream.update(STAY, 1L, 8L, "[1,5)").update(STAY, 2L, 7L, "[2,4)").commit();
        stream.insert(STAY, 3L, 9L, "[1,5)").commit();
        deliver();
        assertThat(target.query("SELECT id, room FROM stays ORDER BY id")).containsExactly("1|8", "2|7", "3|9");
    }

    @Test
    void referencesInACircleThatMayNotBeNullWaitForTheEnd() throws Exception {
        for (String deferrable : List.of("DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED")) {
            stop();
            target = new JdbcTarget()
                    .prepared(
                            "CREATE TABLE teams (id bigint PRIMARY KEY, captain bigint NOT NULL)",
                            "CREATE TABLE players (id bigint PRIMARY KEY, team bigint NOT NULL REFERENCES teams "
                                    + deferrable + ")",
                            "ALTER TABLE teams ADD FOREIGN KEY (captain) REFERENCES players " + deferrable);
            stream.insert(TEAM, 1L, 10L).insert(PLAYER, 10L, 1L).commit();
            deliver();
            // In parts, of which the first is not consistent by itself.
            Frame first = stream.insert(TEAM, 2L, 20L).part();
            Frame last = stream.insert(PLAYER, 20L, 2L)
                    .delete(TEAM, 1L)
                    .delete(PLAYER, 10L)
                    .commit();
            target.write(first.batch());
            target.write(last.batch());
            delivered += 2;
            assertThat(target.query("SELECT * FROM teams")).containsExactly("2|20");
            assertThat(target.query("SELECT * FROM players")).containsExactly("20|2");
        }
    }

    @Test
    void whatOnlyTheCommitRefusesHasAName() throws Exception {
        target.prepared(
                "CREATE TABLE teams (id bigint PRIMARY KEY, captain bigint)",
                "CREATE TABLE players (id bigint PRIMARY KEY,"
                        + " team bigint REFERENCES teams DEFERRABLE INITIALLY DEFERRED)");
        stream.insert(TEAM, 1L, null).commit();
        stream.insert(PLAYER, 10L, 7L).commit();
        stream.insert(TEAM, 2L, null).commit();
        SinkException failure = catchThrowableOfType(SinkException.class, this::deliver);
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.rejected()).containsExactly(stream.events().get(1).id());
        assertThat(failure).hasMessageContaining("players_team_fkey");
        assertThat(target.query("SELECT * FROM teams")).isEmpty();
        target.write(stream.frames().get(2).batch());
        assertThat(target.query("SELECT id FROM teams")).containsExactly("2");
    }
}
