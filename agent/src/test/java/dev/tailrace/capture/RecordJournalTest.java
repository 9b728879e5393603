package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.DataSize;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.DataDirectory;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalSettings;
import dev.tailrace.journal.Journals;
import dev.tailrace.journal.SourceOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a record that tells nothing but a position does to the journal. */
class RecordJournalTest {
    private static final JournalSettings SIZES = new JournalSettings(
            Duration.ofDays(1), DataSize.ofGibibytes(4), DataSize.ofMebibytes(16), DataSize.ofMebibytes(64));

    /** A clock that passes the pause between two frames of quiet progress at every look. */
    private static final class Leaping implements InstantSource {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            now = now.plusSeconds(10);
            return now;
        }
    }

    private static SourceOffset place(long position) {
        return new SourceOffset(new SourcePosition("my-test", 1, position), Map.of("place", position));
    }

    private static SourceRecord position(long position) {
        return new SourceRecord(Map.of(), Map.of("place", position), "heartbeat", null, null);
    }

    private static Optional<SourceOffset> journaled(Path directory, boolean provesPositions, long... batches)
            throws Exception {
        InstantSource clock = new Leaping();
        try (DataDirectory claimed = DataDirectory.claim(directory, clock.instant());
                Journal journal = Journals.open(claimed, SIZES, clock)) {
            RecordJournal records = new RecordJournal(
                    journal, (table, events) -> {}, clock, new Positions(provesPositions), null, null);
            for (long batch : batches) {
                records.accept(List.of(position(batch)));
            }
            return journal.durableTail().offset();
        }
    }

    @Test
    void aPositionThatProvesItselfIsJournaledAtOnce(@TempDir Path directory) throws Exception {
        assertThat(journaled(directory, true, 7)).contains(place(7));
    }

    /**
     * A log client that reads on behind the event at which it failed tells positions behind it, in the last batch that the
     * engine hands over. Journaled, that event would be passed over at the next start.
     */
    @Test
    void aPositionThatProvesNothingWaitsForTheNextBatch(@TempDir Path directory) throws Exception {
        assertThat(journaled(directory, false, 7)).isEmpty();
    }

    @Test
    void theNextBatchProvesIt(@TempDir Path directory) throws Exception {
        assertThat(journaled(directory, false, 7, 9)).contains(place(7));
    }

    /** A source that has nothing but positions to tell. */
    private record Positions(boolean provesPositions) implements RecordReader {

        @Override
        public EngineRecord read(SourceRecord record) {
            return new Told(record);
        }

        @Override
        public ColumnForm column(Field field) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean sendsFullBefore() {
            return true;
        }

        @Override
        public List<String> primaryKey(TableId table) {
            return List.of();
        }

        @Override
        public Map<String, Object> existing(TableSchema before, List<ColumnForm> columns) {
            return Map.of();
        }

        @Override
        public SourceOffset streamStart(EngineRecord first) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Told extends EngineRecord {
        private Told(SourceRecord record) {
            super(Kind.POSITION, record);
        }

        private long told() {
            return (Long) record().sourceOffset().get("place");
        }

        @Override
        public TableId table() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SourcePosition position() {
            return RecordJournalTest.place(told()).position();
        }

        @Override
        public SourceOffset restart() {
            return RecordJournalTest.place(told());
        }

        @Override
        public @Nullable SourceOffset restartBefore() {
            return null;
        }

        @Override
        public String transactionId() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long commitMicros() {
            return 0;
        }

        @Override
        public boolean isJournaled(SourceOffset tail) {
            return false;
        }

        @Override
        public boolean standsAlone() {
            return false;
        }

        @Override
        public boolean isSnapshotting() {
            return false;
        }

        @Override
        public boolean completesSnapshot() {
            return false;
        }
    }
}
