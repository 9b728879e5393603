package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source with every kind of constraint under concurrent load, whose tables change their shapes meanwhile, and targets that
 * have the same constraints: PostgreSQL as they are, MySQL as far as it knows them, all of them checked row by row. The agent
 * is killed on the way. In the end the rows are equal. {@code -Dmirror.steps=20000} is the long form, for each of the
 * connections; {@code -Dmirror.seed} decides what they do, the scheduler in which order.
 */
@ExtendWith(ServerExtension.class)
@RequiresServer(RequiresServer.Kind.MYSQL)
class MirrorTest {
    private static final int STEPS = Integer.getInteger("mirror.steps", 120);
    private static final long SEED = Long.getLong("mirror.seed", 20_261_128L);
    private static final int LANES = 4;
    /** Steps of all of them between two events. */
    private static final int MORE = 60;

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String HELD = "public." + MirrorTables.RENAMED;

    private final ExecutorService threads = Executors.newFixedThreadPool(LANES);
    private int rounds;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void targetsWithTheSameConstraintsEqualTheSource(EmbeddedServer postgres, @TempDir Path directory)
            throws Exception {
        try (TwoTargets mirror = new TwoTargets(postgres, directory, "mirror");
                Connection source = mirror.source()) {
            Map<String, Connection> targets = mirror.targets();
            begin(mirror, source, targets);
            underLoad(mirror);
            mirror.awaitFence();
            verify(source, targets, MirrorTables.ORDERS.keySet());
            changed(mirror, source);
            mirror.awaitFence();
            verify(source, targets, MirrorTables.ORDERS.keySet());
            renamed(mirror, source, targets);
            mirror.awaitFence();
            verify(source, targets, MirrorTables.ORDERS.keySet());
        }
    }

    private static void begin(TwoTargets mirror, Connection source, Map<String, Connection> targets) throws Exception {
        TwoTargets.run(source, MirrorTables.ON_POSTGRES);
        TwoTargets.run(source, MirrorTables.AT_THE_SOURCE);
        TwoTargets.run(targets.get("postgres"), MirrorTables.ON_POSTGRES);
        TwoTargets.run(targets.get("mysql"), MirrorTables.ON_MYSQL);
        mirror.agent.process.start();
        mirror.awaitFence();
        mirror.awaitFence(); // from the log: the snapshot, which goes table by table, has ended
        TwoTargets.run(source, MirrorTables.FIRST_ROWS);
    }

    private void underLoad(TwoTargets mirror) throws Exception {
        Lanes lanes = new Lanes(mirror);
        lanes.more();
        mirror.agent.process.kill();
        lanes.more();
        lanes.end(MirrorLoad.FIRST_KINDS);
        mirror.agent.process.start();
    }

    private void changed(TwoTargets mirror, Connection source) throws Exception {
        Lanes lanes = new Lanes(mirror);
        lanes.more();
        change(source, MirrorTables.ADD);
        change(source, MirrorTables.ADD_WITH_DEFAULT);
        lanes.more();
        change(source, MirrorTables.WIDEN);
        lanes.more();
        mirror.agent.process.kill();
        lanes.more();
        change(source, MirrorTables.DROP);
        lanes.more();
        mirror.agent.process.start();
        lanes.end(MirrorLoad.KINDS);
    }

    private void renamed(TwoTargets mirror, Connection source, Map<String, Connection> targets) throws Exception {
        Lanes lanes = new Lanes(mirror);
        lanes.more();
        change(source, MirrorTables.RENAME);
        lanes.more();
        lanes.end(MirrorLoad.KINDS);
        awaitHeld(mirror.agent);
        mirror.awaitFence();
        awaitHeld(mirror.agent);
        Set<String> others = new LinkedHashSet<>(MirrorTables.ORDERS.keySet());
        others.remove(MirrorTables.RENAMED);
        verify(source, targets, others);
        mirror.agent.process.kill();
        mirror.agent.process.start();
        awaitHeld(mirror.agent);
        lanes = new Lanes(mirror);
        lanes.more();
        assertThat(mirror.agent.verb("schema", "approve", HELD, "--json"))
                .contains("\"postgres\"", "\"mysql\"", "\"running\" : true");
        lanes.more();
        lanes.end(MirrorLoad.KINDS);
        mirror.agent.await("both have caught up", () -> {
            mirror.agent.requireUnhalted();
            return mirror.agent.holdsNothing();
        });
    }

    private static void awaitHeld(WaysAgent agent) throws Exception {
        agent.await("both sinks hold " + HELD, () -> {
            agent.requireUnhalted();
            return agent.isHeld("postgres", HELD) && agent.isHeld("mysql", HELD);
        });
    }

    /** One transaction, in the midst of the load. */
    private static void change(Connection source, List<String> statements) throws SQLException {
        source.setAutoCommit(false);
        boolean committed = false;
        while (!committed) {
            try {
                TwoTargets.run(source, statements);
                source.commit();
                committed = true;
            } catch (SQLException e) {
                source.rollback();
                if (!e.getSQLState().startsWith("40")) {
                    throw e;
                }
            }
        }
        source.setAutoCommit(true);
    }

    /** All connections of the load, for so many steps each, and on until its end is asked for. */
    private final class Lanes {
        private final List<Future<MirrorLoad>> lanes = new ArrayList<>();
        private final AtomicInteger steps = new AtomicInteger();
        private final AtomicBoolean enough = new AtomicBoolean();

        Lanes(TwoTargets mirror) {
            int round = ++rounds;
            for (int i = 0; i < LANES; i++) {
                long seed = (SEED * 31 + round) * 31 + i;
                lanes.add(threads.submit(() -> {
                    try (Connection connection = mirror.source()) {
                        MirrorLoad load = new MirrorLoad(connection, seed, steps, enough);
                        load.run(STEPS);
                        return load;
                    }
                }));
            }
        }

        /** Returns when more of the load was tried; it goes on. */
        void more() throws Exception {
            int before = steps.get();
            Await.until("the load goes on", PATIENCE, () -> {
                for (Future<MirrorLoad> lane : lanes) {
                    if (lane.isDone()) {
                        lane.get();
                    }
                }
                return steps.get() > before + MORE;
            });
        }

        /** A load that does nothing, or whose every step is refused, proves nothing. */
        void end(int kinds) throws Exception {
            enough.set(true);
            int[] done = new int[kinds];
            for (Future<MirrorLoad> lane : lanes) {
                for (int kind = 0; kind < kinds; kind++) {
                    done[kind] += lane.get().done(kind);
                }
            }
            assertThat(done).as("transactions by kind, seed %d", SEED).doesNotContain(0);
        }
    }

    private static void verify(Connection source, Map<String, Connection> targets, Set<String> tables)
            throws SQLException {
        for (String table : tables) {
            String query = "SELECT " + columns(source, table) + " FROM " + table + " ORDER BY "
                    + MirrorTables.ORDERS.get(table);
            List<String> expected = TwoTargets.read(source, query);
            assertThat(expected).as("an empty table proves nothing: %s", table).isNotEmpty();
            for (Map.Entry<String, Connection> target : targets.entrySet()) {
                assertThat(TwoTargets.read(target.getValue(), query))
                        .as("%s in %s, seed %d", query, target.getKey(), SEED)
                        .isEqualTo(expected);
            }
        }
    }

    /** Those that the source has now. */
    private static String columns(Connection source, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = source.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + table + " LIMIT 0")) {
            for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                names.add(none.getMetaData().getColumnName(i));
            }
        }
        return String.join(", ", names);
    }
}
