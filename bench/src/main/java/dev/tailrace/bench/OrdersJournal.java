package dev.tailrace.bench;

import dev.tailrace.agent.AgentConfiguration;
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

/** A journal of inserts, then of as many updates in another order. */
final class OrdersJournal {
    /** Changes a frame: five frames fill one of the pipeline's batches. */
    private static final int FRAME = 1_000;

    private static final int TRANSACTION = 10;

    private OrdersJournal() {}

    /** The number of rows next to that one that such a journal can have. */
    static long rows(long about) {
        long rows = about / FRAME * FRAME;
        if (!OrderRows.scatters(rows)) {
            throw new IllegalArgumentException(rows + " rows: the updates would miss some keys; take another number");
        }
        return rows;
    }

    /** Writes the journal of the agent that is configured there. */
    static void fill(Path configuration, long rows) throws JournalException {
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
