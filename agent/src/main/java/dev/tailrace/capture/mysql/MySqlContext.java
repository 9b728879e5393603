package dev.tailrace.capture.mysql;

import dev.tailrace.capture.StreamPulse;
import dev.tailrace.journal.SourceOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the parts that the engine makes by class name need to know.
 *
 * @param source of all positions
 * @param captured names of tables
 * @param notes where changes of schemas wait for the journal
 * @param pulse of the stream
 * @param births of the log's files
 * @param prepared sees the log's XA transactions
 * @param restated sees the log's statements
 * @param restart where the engine resumes, empty before a snapshot
 * @param from where the log is read from behind a snapshot without rows, when it is not where that was taken
 * @param remembered what the journal's durable end remembers of schemas, by key
 */
record MySqlContext(
        String source,
        CapturedNames captured,
        SchemaNotes notes,
        StreamPulse pulse,
        LogBirths births,
        PreparedTransactions prepared,
        RestatedTables restated,
        Supplier<Optional<SourceOffset>> restart,
        Optional<StartPlace> from,
        Supplier<Map<String, String>> remembered) {}
