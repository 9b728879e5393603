package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.bench.PostgresTarget.Contents;
import dev.tailrace.demo.EmbeddedServer;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.Journals;
import dev.tailrace.journal.SourceOffset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A journal of inserts, then of as many updates in another order, delivered to PostgreSQL by ours, against a loop that
 * makes the same rows out of nothing and writes them with the same statements in groups of the same size, and against
 * Debezium's own sink, which is given them as records.
 */
final class ReplayMeasure implements Measure {
    private static final long ROWS = 1_000_000;
    private static final String LOOP = "hand-written unnest loop";
    private static final String DEBEZIUM = "Debezium's JDBC sink task, reWriteBatchedInserts";

    /** Changes a frame of the journal: five frames fill one of the pipeline's batches. */
    private static final int FRAME = 1_000;

    private static final int TRANSACTION = 10;

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long rows = run.options().rows(ROWS) / FRAME * FRAME;
        if (!OrderRows.scatters(rows)) {
            throw new IllegalArgumentException(rows + " rows: the updates would miss some keys; take another number");
        }
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            run.say("replay: writing a journal of " + rows + " inserts and " + rows + " updates");
            Path ours = run.directory().resolve("ours");
            fill(AgentSetup.write(ours, "bench", source, "never", AgentSetup.unusedSink(ours)), rows);
            EmbeddedServer server = source.server();
            List<Contents> found = new ArrayList<>();
            List<Figures> debezium = new ArrayList<>();
            Rounds rounds = Rounds.of(
                    run.options().runs(),
                    i -> {
                        // Beside each other, and each of them first in turn.
                        if (i % 2 == 1) {
                            debezium.add(theirs(RecordsToSink.class, server, "debezium" + i, rows, log, found));
                        }
                        Figures figures = ours(source, ours, "ours" + i, rows, log, run, found);
                        if (i % 2 == 0) {
                            debezium.add(theirs(RecordsToSink.class, server, "debezium" + i, rows, log, found));
                        }
                        run.say("    debezium " + debezium.get(i).values());
                        return figures;
                    },
                    i -> theirs(UnnestLoop.class, server, "theirs" + i, rows, log, found),
                    run::say);
            if (found.stream().distinct().count() != 1 || found.get(0).rows() != rows) {
                throw new IllegalStateException("the targets do not hold the same " + rows + " rows: " + found);
            }
            for (String phase : List.of("insert", "update")) {
                String name = "replay/" + phase;
                results.accept(rounds.compare(name, LOOP, phase + "_rate", "events/s", rows));
                results.accept(rounds.compare(name + "/warm", LOOP, phase + "_warm", "events/s", rows));
                results.accept(rounds.compare(name + "/cpu", LOOP, phase + "_cpu", "us/event", rows));
                name += "/debezium";
                results.accept(rounds.compareWith(name, DEBEZIUM, debezium, phase + "_rate", "events/s", rows));
                results.accept(
                        rounds.compareWith(name + "/warm", DEBEZIUM, debezium, phase + "_warm", "events/s", rows));
                results.accept(rounds.compareWith(name + "/cpu", DEBEZIUM, debezium, phase + "_cpu", "us/event", rows));
            }
        }
    }

    private static Figures ours(
            PostgresSource source,
            Path directory,
            String name,
            long rows,
            Path log,
            Bench.Run run,
            List<Contents> found)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(source.server(), name)) {
            Path file = AgentSetup.write(
                    directory, "bench", source, "never", AgentSetup.jdbcSink(target.url(), EmbeddedServer.USER));
            Path recording = run.recording("replay-" + name);
            Figures figures = Child.run(OurReplay.class, log, recording, file.toString(), Long.toString(rows));
            found.add(target.contents());
            return figures;
        }
    }

    private static Figures theirs(
            Class<?> program, EmbeddedServer server, String name, long rows, Path log, List<Contents> found)
            throws Exception {
        try (PostgresTarget target = PostgresTarget.create(server, name)) {
            Figures figures = Child.run(program, log, null, target.url(), Long.toString(rows));
            found.add(target.contents());
            return figures;
        }
    }

    private static void fill(Path configuration, long rows) throws JournalException {
        AgentConfiguration agent = AgentSetup.agent(AgentSetup.read(configuration));
        Clock clock = Clock.systemUTC();
        try (DataDirectory directory = DataDirectory.claim(agent.dataDirectory(), clock.instant());
                Journal journal = Journals.open(directory, agent.journal(), clock)) {
            JournalAppender appender = journal.appender();
            appender.start(Map.of());
            TableSchema schema = appender.schema(new TableId("public", "orders"), OrderRows.COLUMNS, List.of(0));
            for (long first = 0; first < 2 * rows; first += FRAME) {
                List<Transaction> transactions = new ArrayList<>();
                for (long n = first; n < first + FRAME; n += TRANSACTION) {
                    transactions.add(transaction(schema, n, rows));
                }
                SourcePosition end = position(first + FRAME);
                appender.appendTransactions(transactions, new SourceOffset(end, Map.of("lsn", end.offset())));
                appender.force();
            }
        }
    }

    private static Transaction transaction(TableSchema schema, long first, long rows) {
        List<ChangeEvent> events = new ArrayList<>(TRANSACTION);
        for (long n = first; n < first + TRANSACTION; n++) {
            boolean insert = n < rows;
            long id = insert ? n + 1 : OrderRows.scattered(n - rows, rows);
            Row row = Row.of(schema, OrderRows.values(id, insert ? 0 : 1));
            Operation operation = insert ? Operation.INSERT : Operation.UPDATE;
            events.add(ChangeEvent.ofChange(operation, schema, position(n), 0, null, row));
        }
        return Transaction.whole(Long.toString(first), position(first + TRANSACTION), 1 + first, events);
    }

    private static SourcePosition position(long n) {
        return new SourcePosition("pg-1-1", 0, 1_000 + 100 * n);
    }
}
