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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Money moves between two tables, with a note in a third one. Whoever reads a target, whenever he does, finds all of it, and
 * it is where it was at the source after the commit whose number he reads with it. {@code -Dbank.transfers=20000} is the
 * long form, at least, for each of the tellers; {@code -Dbank.seed} decides what they do.
 */
@ExtendWith(ServerExtension.class)
@RequiresServer(RequiresServer.Kind.MYSQL)
class BankObserverTest {
    private static final int TRANSFERS = Integer.getInteger("bank.transfers", 400);
    private static final long SEED = Long.getLong("bank.seed", 20_261_128L);
    private static final int TELLERS = 3;
    /** A transaction over all of them is beyond any batch. */
    private static final int ACCOUNTS = 12_000;

    /** Where a teller's new accounts begin, and how far they are from the next teller's. */
    private static final long FRESH = 1_000_000_000;

    private static final long EACH = 1000;
    private static final long TOTAL = 2L * ACCOUNTS * EACH;
    /** How many commits the targets may be behind. */
    private static final int AHEAD = 2000;

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int READINGS = 200;
    private static final int STATES = 20;
    private static final String HALFWAY = "sink.jdbc.mid-batch";

    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();

    /** By the number of its commit, how much more every transaction left on savings. */
    private final Map<Long, Long> saved = new ConcurrentHashMap<>();

    /** What an observer has seen so far. */
    private static final class Seen {
        final AtomicInteger readings = new AtomicInteger();
        final AtomicLong last = new AtomicLong();
        /** Savings by the number of the last commit. */
        final Map<Long, Long> states = new ConcurrentHashMap<>();

        boolean isEnough() {
            return readings.get() > READINGS && states.size() > STATES;
        }

        @Override
        public String toString() {
            return states.size() + " states in " + readings + " readings";
        }
    }

    @Test
    void everyReadingFindsAllTheMoney(EmbeddedServer postgres, @TempDir Path directory) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(TELLERS + 2);
        try (TwoTargets bank = new TwoTargets(postgres, directory, "bank")) {
            open(bank);
            bank.agent.process.start();
            bank.awaitFence();
            bank.awaitFence(); // from the log: the snapshot has ended
            Map<String, Connection> targets = bank.targets();
            Map<String, Seen> seen = new LinkedHashMap<>();
            List<Future<?>> observers = new ArrayList<>();
            for (Map.Entry<String, Connection> target : targets.entrySet()) {
                Seen own = new Seen();
                seen.put(target.getKey(), own);
                observers.add(threads.submit(() -> observe(target.getKey(), target.getValue(), own)));
            }
            List<Future<?>> tellers = tellers(bank, threads, seen);
            try (Connection connection = bank.source()) {
                run(bank, connection, observers, seen);
            }
            enough.set(true);
            for (Future<?> teller : tellers) {
                teller.get();
            }
            bank.awaitFence();
            closing.set(true);
            for (Future<?> observer : observers) {
                observer.get();
            }
            assertThat(seen.values()).as("%s, seed %d", seen, SEED).allMatch(Seen::isEnough);
            for (Map.Entry<String, Seen> own : seen.entrySet()) {
                assertThat(history())
                        .as("states of the source, seed %d; those of %s", SEED, own.getKey())
                        .containsAllEntriesOf(own.getValue().states);
            }
            verify(bank, targets);
        } finally {
            enough.set(true);
            closing.set(true);
            threads.shutdownNow();
        }
    }

    private void run(TwoTargets bank, Connection connection, List<Future<?>> observers, Map<String, Seen> seen)
            throws Exception {
        bank.agent.process.kill();
        everybody(connection, 1);
        bank.agent.process.start("-Dtailrace.failpoints=" + HALFWAY + "=hold");
        bank.agent.await("the agent comes to " + HALFWAY, () -> bank.agent.process.isAtFailpoint(HALFWAY));
        awaitReadings(bank, observers, seen, 10);
        bank.agent.process.kill();
        bank.agent.process.start();
        bank.awaitFence();
        everybody(connection, 2);
        bank.agent.process.kill(); // mostly in the middle of it
        bank.agent.process.start();
        everybody(connection, -4);
        bank.awaitFence();
        bank.agent.await("the observers have seen enough: " + seen, () -> {
            bank.agent.requireUnhalted();
            requireWatching(observers);
            return seen.values().stream().allMatch(Seen::isEnough);
        });
    }

    private static void awaitReadings(TwoTargets bank, List<Future<?>> observers, Map<String, Seen> seen, int more)
            throws Exception {
        for (Seen own : seen.values()) {
            int before = own.readings.get();
            bank.agent.await("the observer reads: " + seen, () -> {
                requireWatching(observers);
                return own.readings.get() >= before + more;
            });
        }
    }

    /** One that has ended has found something. */
    private static void requireWatching(List<Future<?>> observers) throws Exception {
        for (Future<?> observer : observers) {
            if (observer.isDone()) {
                observer.get();
            }
        }
    }

    /** What was on savings after each commit. */
    private Map<Long, Long> history() {
        Map<Long, Long> history = new HashMap<>();
        long savings = TOTAL / 2;
        for (long commit = 0; commit <= saved.size(); commit++) {
            savings += saved.getOrDefault(commit, 0L);
            history.put(commit, savings);
        }
        return history;
    }

    private List<Future<?>> tellers(TwoTargets bank, ExecutorService threads, Map<String, Seen> seen) {
        List<Future<?>> tellers = new ArrayList<>();
        for (int i = 0; i < TELLERS; i++) {
            int teller = i;
            tellers.add(threads.submit(() -> transfer(bank, teller, seen)));
        }
        return tellers;
    }

    private static void open(TwoTargets bank) throws SQLException {
        String all = " SELECT n, " + EACH + " FROM generate_series(1, " + ACCOUNTS + ") n";
        try (Connection connection = bank.source()) {
            TwoTargets.run(
                    connection,
                    List.of(
                            "CREATE TABLE checking (id bigint PRIMARY KEY, balance bigint NOT NULL)",
                            "CREATE TABLE savings (id bigint PRIMARY KEY, balance bigint NOT NULL)",
                            "CREATE TABLE transfers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                                    + " amount bigint NOT NULL)",
                            "CREATE TABLE commits (id int PRIMARY KEY, number bigint NOT NULL)",
                            "INSERT INTO commits VALUES (1, 0)",
                            "INSERT INTO checking" + all,
                            "INSERT INTO savings" + all,
                            "INSERT INTO transfers (amount) VALUES (0)"));
        }
    }

    /** One transaction over every account. */
    private void everybody(Connection connection, int amount) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            int paid = statement.executeUpdate("UPDATE checking SET balance = balance - " + amount);
            int all = statement.executeUpdate("UPDATE savings SET balance = balance + " + amount);
            statement.execute("INSERT INTO transfers (amount) VALUES (" + (long) all * amount + ")");
            statement.execute(
                    "INSERT INTO checking VALUES (" + -System.nanoTime() + ", " + (long) (paid - all) * amount + ")");
            commit(statement, (long) all * amount);
        }
    }

    /** Under the next number: who has it keeps the others from theirs until his commit. */
    private void commit(Statement statement, long more) throws SQLException {
        long number = number(statement, "UPDATE commits SET number = number + 1 RETURNING number");
        statement.getConnection().commit();
        saved.put(number, more);
    }

    private Void transfer(TwoTargets bank, int teller, Map<String, Seen> seen) throws Exception {
        Random random = new Random(SEED * 31 + teller);
        try (Connection connection = bank.source();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < TRANSFERS || !enough.get(); i++) {
                Await.until(
                        "the observers come along: " + seen,
                        PATIENCE,
                        () -> enough.get()
                                || seen.values().stream().allMatch(own -> own.last.get() > saved.size() - AHEAD));
                try {
                    commit(statement, transfer(statement, random, (teller + 1L) * FRESH + i));
                } catch (SQLException e) {
                    connection.rollback();
                    if (!e.getSQLState().startsWith("40") && !e.getSQLState().equals("23505")) {
                        throw e;
                    }
                }
            }
        }
        return null;
    }

    /** @return how much more is on savings */
    private static long transfer(Statement statement, Random random, long fresh) throws SQLException {
        long one = 1L + random.nextInt(ACCOUNTS);
        long other = 1L + random.nextInt(ACCOUNTS);
        long amount = random.nextInt(50) - 25L;
        switch (random.nextInt(4)) {
            // Closed, and what was on it saved.
            case 0 -> amount = number(statement, "DELETE FROM checking WHERE id = " + one + " RETURNING balance");
            case 1 -> statement.execute("INSERT INTO checking VALUES (" + fresh + ", " + -amount + ")");
            default -> {
                if (statement.executeUpdate("UPDATE checking SET balance = balance - " + amount + " WHERE id = " + one)
                        == 0) {
                    statement.execute("INSERT INTO checking VALUES (" + one + ", " + -amount + ")");
                }
            }
        }
        statement.execute("UPDATE savings SET balance = balance + " + amount + " WHERE id = " + other);
        statement.execute("INSERT INTO transfers (amount) VALUES (" + amount + ")");
        return amount;
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private Void observe(String name, Connection connection, Seen seen) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            while (!closing.get()) {
                long commit = number(statement, "SELECT number FROM commits");
                long savings = number(statement, "SELECT sum(balance) FROM savings");
                long noted = number(statement, "SELECT sum(amount) FROM transfers");
                long checking = number(statement, "SELECT sum(balance) FROM checking");
                connection.commit();
                int reading = seen.readings.incrementAndGet();
                assertThat(List.of(checking + savings, savings - noted))
                        .as("reading %d of %s, seed %d: all the money, and where it is", reading, name, SEED)
                        .containsExactly(TOTAL, TOTAL / 2);
                assertThat(commit)
                        .as("reading %d of %s, seed %d: the commit after %d", reading, name, SEED, seen.last.get())
                        .isGreaterThanOrEqualTo(seen.last.get());
                seen.last.set(commit);
                Long before = seen.states.putIfAbsent(commit, savings);
                assertThat(before == null || before == savings)
                        .as("reading %d of %s, seed %d: savings after commit %d", reading, name, SEED, commit)
                        .isTrue();
            }
        }
        return null;
    }

    private static void verify(TwoTargets bank, Map<String, Connection> targets) throws SQLException {
        try (Connection source = bank.source()) {
            for (String table : List.of("checking", "savings", "transfers", "commits")) {
                List<String> expected = TwoTargets.read(source, "SELECT * FROM " + table + " ORDER BY id");
                for (Map.Entry<String, Connection> target : targets.entrySet()) {
                    assertThat(TwoTargets.read(target.getValue(), "SELECT * FROM " + table + " ORDER BY id"))
                            .as("%s in %s, seed %d", table, target.getKey(), SEED)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
