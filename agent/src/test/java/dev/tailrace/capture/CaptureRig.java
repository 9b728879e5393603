package dev.tailrace.capture;

import dev.tailrace.config.DataSize;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Frame;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalReader;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A journal and the capture that fills it; what is in the journal afterwards is what counts. */
public final class CaptureRig implements AutoCloseable {
    private static final JournalSettings JOURNAL = new JournalSettings(
            Duration.ofDays(1), DataSize.ofGibibytes(4), DataSize.ofMebibytes(16), DataSize.ofMebibytes(64));

    private final DataDirectory directory;
    private final Journal journal;
    private final Capture capture;

    private CaptureRig(DataDirectory directory, Journal journal, Capture capture) {
        this.directory = directory;
        this.journal = journal;
        this.capture = capture;
    }

    public static CaptureRig start(SourceDefinition source, Path path) throws JournalException {
        return start(source, path, UnaryOperator.identity());
    }

    /** @param seen what the capture is given for the journal */
    public static CaptureRig start(SourceDefinition source, Path path, UnaryOperator<Journal> seen)
            throws JournalException {
        DataDirectory directory = DataDirectory.claim(path, Instant.now());
        Journal journal = Journals.open(directory, JOURNAL, InstantSource.system());
        Capture capture = new Capture(source, seen.apply(journal), (table, events) -> {}, InstantSource.system());
        capture.start();
        return new CaptureRig(directory, journal, capture);
    }

    public Journal journal() {
        return journal;
    }

    public CaptureStatus status() {
        return capture.status();
    }

    /** How many engines were ended because they stood still. */
    public long restarts() {
        return capture.restarts();
    }

    public void awaitState(CaptureStatus.State state) throws Exception {
        Eventually.await(() -> status().toString(), () -> status().state() == state);
    }

    /** Every transaction a reader gets, parts put together. */
    public List<Transaction> transactions() throws JournalException {
        List<Transaction> whole = new ArrayList<>();
        List<ChangeEvent> parts = new ArrayList<>();
        try (JournalReader reader = journal.reader(0, table -> true)) {
            Frame frame;
            while ((frame = reader.next()) != null) {
                for (Transaction transaction : frame.transactions()) {
                    if (frame.kind() == Frame.Kind.SNAPSHOT) {
                        continue;
                    }
                    if (transaction.first()) {
                        parts.clear();
                    }
                    parts.addAll(transaction.events());
                    if (transaction.last()) {
                        whole.add(Transaction.whole(
                                transaction.id(), transaction.position(), transaction.commitMicros(), parts));
                    }
                }
            }
        }
        return whole;
    }

    /** The changes streamed so far. */
    public List<ChangeEvent> changes() throws JournalException {
        return transactions().stream()
                .flatMap(transaction -> transaction.events().stream())
                .toList();
    }

    /** The events of snapshots so far. */
    public List<ChangeEvent> snapshot() throws JournalException {
        List<ChangeEvent> rows = new ArrayList<>();
        try (JournalReader reader = journal.reader(0, table -> true)) {
            Frame frame;
            while ((frame = reader.next()) != null) {
                if (frame.kind() == Frame.Kind.SNAPSHOT) {
                    frame.transactions().forEach(chunk -> rows.addAll(chunk.events()));
                }
            }
        }
        return rows;
    }

    /** Waits for that many events of snapshots: the last are journaled just after the engine has begun to stream. */
    public List<ChangeEvent> awaitSnapshot(int count) throws Exception {
        Eventually.await(() -> status() + ", " + sizes(), () -> snapshot().size() >= count);
        return snapshot();
    }

    public List<ChangeEvent> awaitChanges(int count) throws Exception {
        Eventually.await(() -> status() + ", " + sizes(), () -> changes().size() >= count);
        return changes();
    }

    private String sizes() {
        try {
            return changes().size() + " changes, " + snapshot().size() + " of snapshots";
        } catch (JournalException e) {
            return String.valueOf(e);
        }
    }

    /** The newest value of a column by name. */
    public static @Nullable Object after(ChangeEvent event, String column) {
        var row = event.after();
        if (row == null) {
            throw new AssertionError(event + " has no new row");
        }
        return row.value(event.schema().indexOf(column));
    }

    public void stop() {
        if (!capture.close(Duration.ofSeconds(30))) {
            throw new AssertionError("the capture did not stop in time");
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            journal.close();
            directory.close();
        }
    }
}
