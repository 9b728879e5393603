package dev.tailrace.bench;

import dev.tailrace.demo.Await;
import dev.tailrace.demo.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Single-row transactions at a steady rate: from the commit at the source to the commit at the target with ours, against
 * the stock engine's time from the commit to its handler, which has written nothing anywhere yet, and against native
 * logical replication. Commit times are the servers' own, of one server's clock.
 */
final class LatencyMeasure implements Measure {
    private static final String ENGINE = "stock engine, commit to handler, poll.interval.ms=1";

    /** Rows of the first seconds, in which the virtual machines compile, do not count. */
    private static final int WARM_SECONDS = 10;

    private static final int SECONDS = 30;
    private static final Duration ARRIVE = Duration.ofSeconds(120);

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        int runs = run.options().runs();
        Path log = run.directory().resolve("processes.log");
        for (int rate : run.options().rates) {
            long warm = run.options().quickOr(WARM_SECONDS, 1) * (long) rate;
            long rows = run.options().quickOr(SECONDS, 2) * (long) rate;
            run.say("latency: " + rate + " transactions a second");
            try (PostgresSource source = PostgresSource.start(
                            run.directory().resolve("source" + rate),
                            run.options().serverSettings());
                    EmbeddedServer target = subscriber(run, rate)) {
                Trial trial = new Trial(source, target, warm, rows, rate, log, run);
                Rounds rounds = Rounds.of(runs, trial::ours, trial::engine, run::say);
                List<Figures> replicated = new ArrayList<>();
                for (int i = 0; i < runs; i++) {
                    replicated.add(trial.replication(i));
                    run.say("    native " + replicated.get(i).values());
                }
                for (String figure : List.of("p50", "p99", "p999")) {
                    String name = "latency/" + rate + "/" + figure;
                    results.accept(rounds.compare(name, ENGINE, figure, "ms", rows));
                    results.accept(rounds.compareWith(name, Subscription.NAME, replicated, figure, "ms", rows));
                }
            }
        }
    }

    /** Native replication is from one server to another. */
    private static EmbeddedServer subscriber(Bench.Run run, int rate) throws Exception {
        Map<String, String> settings = new HashMap<>(run.options().serverSettings());
        settings.put("track_commit_timestamp", "on");
        return EmbeddedServer.start(run.directory().resolve("target" + rate), settings);
    }

    /** Runs at one rate. Keys go on from run to run, so that nothing has to be emptied between them. */
    private static final class Trial {
        private final PostgresSource source;
        private final EmbeddedServer target;
        private final long warm;
        private final long rows;
        private final int rate;
        private final Path log;
        private final Bench.Run run;
        private long written;

        Trial(PostgresSource source, EmbeddedServer target, long warm, long rows, int rate, Path log, Bench.Run run) {
            this.source = source;
            this.target = target;
            this.warm = warm;
            this.rows = rows;
            this.rate = rate;
            this.log = log;
            this.run = run;
        }

        Figures ours(int i) throws Exception {
            String name = "ours" + i;
            Marks marks = new Marks(source, run.directory().resolve(name));
            try (PostgresTarget database = PostgresTarget.create(target, name)) {
                Path file = marks.ours(name, AgentSetup.jdbcSink(database.url(), EmbeddedServer.USER));
                long from = written + warm;
                long last = from + rows;
                awaitWritten(OurAgent.class, file.toString(), database.url(), Long.toString(last));
                Figures figures = commitLatency(name, from);
                marks.forget();
                return figures;
            }
        }

        Figures engine(int i) throws Exception {
            String name = "theirs" + i;
            Marks marks = new Marks(source, run.directory().resolve(name));
            Path file = marks.engine(name, 1);
            Figures figures = awaitWritten(
                    EngineLatency.class, file.toString(), Long.toString(written + warm), Long.toString(rows));
            marks.forget();
            return checked(figures);
        }

        /** Starts the program, writes when it reads, and waits for its end. */
        private Figures awaitWritten(Class<?> program, String... arguments) throws Exception {
            ExecutorService background = Executors.newSingleThreadExecutor();
            try {
                Future<Figures> child = background.submit(() -> Child.run(program, log, null, arguments));
                Await.until("somebody reads the log", ARRIVE, () -> child.isDone() || isRead());
                write();
                return child.get();
            } finally {
                background.shutdownNow();
            }
        }

        private void write() throws SQLException {
            double reached = PacedWriter.write(source.server(), written, warm + rows, rate);
            written += warm + rows;
            run.say("    wrote " + Math.round(reached) + " transactions a second");
        }

        private boolean isRead() throws SQLException {
            return number(
                            source.server(),
                            PostgresSource.DATABASE,
                            "SELECT count(*) FROM pg_stat_replication" + " WHERE state = 'streaming'")
                    > 0;
        }

        /** Both servers keep the time of each transaction's commit. */
        private Figures commitLatency(String database, long from) throws SQLException {
            String sql = "SELECT id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint FROM orders"
                    + " WHERE id > " + from + " AND id <= " + (from + rows) + " ORDER BY id";
            List<long[]> committed = pairs(source.server(), PostgresSource.DATABASE, sql);
            return checked(latencies(committed, pairs(target, database, sql)));
        }

        /**
         * A subscriber's commits bear the publisher's time, so the table has a column that is filled when the row is
         * inserted: shortly before its commit, in favour of replication.
         */
        Figures replication(int i) throws Exception {
            String name = "native" + i;
            try (PostgresTarget database = PostgresTarget.create(target, name)) {
                execute(name, "ALTER TABLE orders ADD applied_at timestamptz DEFAULT clock_timestamp()");
                execute(
                        name,
                        "CREATE SUBSCRIPTION " + name + " CONNECTION 'host=127.0.0.1 port="
                                + source.server().port() + " user=" + EmbeddedServer.USER + " dbname="
                                + PostgresSource.DATABASE + "' PUBLICATION " + PostgresSource.PUBLICATION
                                + " WITH (copy_data = false)");
                Await.until("somebody reads the log", ARRIVE, this::isRead);
                long from = written + warm;
                write();
                long last = written;
                Await.until(
                        "everything is replicated",
                        ARRIVE,
                        () -> number(target, name, "SELECT coalesce(max(id), 0) FROM orders") == last);
                String where = " FROM orders WHERE id > " + from + " ORDER BY id";
                List<long[]> committed = pairs(
                        source.server(),
                        PostgresSource.DATABASE,
                        "SELECT id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint" + where);
                List<long[]> applied =
                        pairs(target, name, "SELECT id, (extract(epoch FROM applied_at) * 1000000)::bigint" + where);
                execute(name, "DROP SUBSCRIPTION " + name);
                return checked(latencies(committed, applied));
            }
        }

        private static Figures latencies(List<long[]> committed, List<long[]> applied) {
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < Math.min(committed.size(), applied.size()); i++) {
                if (committed.get(i)[0] != applied.get(i)[0]) {
                    throw new IllegalStateException("row " + committed.get(i)[0] + " is missing at the target");
                }
                micros.add(applied.get(i)[1] - committed.get(i)[1]);
            }
            return new Figures(Percentiles.of(micros));
        }

        private Figures checked(Figures figures) {
            if (figures.get("count") != rows) {
                throw new IllegalStateException((long) figures.get("count") + " rows arrived instead of " + rows);
            }
            return figures;
        }

        private void execute(String database, String sql) throws SQLException {
            try (Connection connection = target.dataSource(database).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    private static long number(EmbeddedServer server, String database, String sql) throws SQLException {
        try (Connection connection = server.dataSource(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<long[]> pairs(EmbeddedServer server, String database, String sql) throws SQLException {
        List<long[]> pairs = new ArrayList<>();
        try (Connection connection = server.dataSource(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                pairs.add(new long[] {result.getLong(1), result.getLong(2)});
            }
        }
        return pairs;
    }
}
