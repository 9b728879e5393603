package dev.tailrace.pipeline;

import dev.tailrace.config.DataSize;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import dev.tailrace.journal.SourceOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A journal on disk with one table, written by the test. */
final class RealJournal implements AutoCloseable {
    static final TableId ORDERS = new TableId("public", "orders");

    final Journal journal;
    final Path path;
    private final DataDirectory directory;
    private final JournalAppender appender;

    RealJournal(Path path) throws JournalException {
        this.path = path;
        directory = DataDirectory.claim(path, Instant.EPOCH);
        JournalSettings settings = new JournalSettings(
                Duration.ofDays(7), DataSize.ofGibibytes(1), new DataSize(0), DataSize.ofMebibytes(64));
        journal = Journals.open(directory, settings, InstantSource.system());
        appender = journal.appender();
        appender.start(Map.of("source", "test"));
        appender.force();
    }

    /** Transactions of one insert each, numbered so that ids sort; readable when this returns. */
    void append(long from, long to) throws JournalException {
        TableSchema schema =
                appender.schema(ORDERS, List.of(Column.of("id", "int8", ValueType.INT64, false)), List.of(0));
        for (long number = from; number < to; number++) {
            SourcePosition position = new SourcePosition("pg-1-1", 0, number);
            ChangeEvent event =
                    ChangeEvent.ofChange(Operation.INSERT, schema, position, 0, null, Row.of(schema, number));
            Transaction transaction = Transaction.whole("t" + number, position, 1_000_000L + number, List.of(event));
            appender.appendTransactions(List.of(transaction), new SourceOffset(position, Map.of("lsn", number)));
        }
        appender.force();
    }

    @Override
    public void close() {
        journal.close();
        directory.close();
    }
}
