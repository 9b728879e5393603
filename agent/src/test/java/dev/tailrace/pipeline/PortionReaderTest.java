package dev.tailrace.pipeline;

import static dev.tailrace.pipeline.MemoryJournal.ORDERS;
import static dev.tailrace.pipeline.MemoryJournal.OTHERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.journal.Frame;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions in many parts, of which a reader wants few. */
class PortionReaderTest {
    private static final int MANY = 2_500;

    private final MemoryJournal journal = new MemoryJournal("j1");

    /** Nobody can go on from within a transaction: its first part would be missing. */
    @Test
    void framesBetweenPartsArePassedWithTheEndOnly() throws Exception {
        long before = journal.transaction(ORDERS, 1);
        journal.part(OTHERS, 1, true, false);
        for (int i = 0; i < MANY; i++) {
            journal.part(OTHERS, 1, false, false);
            journal.shape();
        }
        journal.part(ORDERS, 1, false, false);
        long last = journal.part(OTHERS, 1, false, true);
        PortionReader reader = reader();
        List<Portion> portions = rest(reader, Long.MAX_VALUE);
        assertThat(portions.get(0).upTo()).isEqualTo(before);
        List<Portion> handed = portions.subList(1, portions.size()).stream()
                .filter(portion -> portion.batch() != null)
                .toList();
        assertThat(portions.stream().filter(portion -> portion.batch() == null))
                .isNotEmpty()
                .allSatisfy(none -> assertThat(none.upTo()).isEqualTo(before));
        assertThat(handed).hasSize(2);
        assertThat(handed.get(0).written().startsTransaction()).isTrue();
        assertThat(handed.get(1).written().endsTransaction()).isTrue();
        assertThat(handed.get(1).upTo()).isEqualTo(last);
    }

    /** Who catches up takes null for the end. */
    @Test
    void nullIsSaidAtTheEndOnly() throws Exception {
        journal.part(OTHERS, 1, true, false);
        for (int i = 0; i < MANY; i++) {
            journal.part(OTHERS, 1, false, false);
        }
        long limit = journal.part(ORDERS, 1, false, true);
        journal.transaction(ORDERS, 1);
        List<Portion> portions = rest(reader(), limit);
        assertThat(portions.stream().mapToInt(Portion::events).sum()).isEqualTo(1);
        assertThat(portions.get(portions.size() - 1).upTo()).isEqualTo(limit);
    }

    @Test
    void anEndThatIsMissingIsNeverPassedOver() throws Exception {
        journal.part(ORDERS, 1, true, false);
        journal.offset();
        assertMissesTheEnd();
    }

    @Test
    void anEndThatIsMissingBeforeAnotherBeginningIsNeverPassedOver() throws Exception {
        journal.part(ORDERS, 1, true, false);
        journal.part(ORDERS, 1, true, false);
        assertMissesTheEnd();
    }

    private void assertMissesTheEnd() throws Exception {
        PortionReader reader = reader();
        assertThat(reader.next().events()).isEqualTo(1);
        assertThatThrownBy(reader::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("frame 2");
    }

    /** What was passed in one step counts as what it was. */
    @Test
    void countsTheFramesThatWerePassed() throws Exception {
        journal.transaction(ORDERS, 10);
        for (int i = 0; i < 9; i++) {
            journal.transaction(OTHERS, 10);
        }
        PortionReader reader = reader(new Jumping(journal.reader(0, ORDERS::equals)));
        assertThat(rest(reader, Long.MAX_VALUE))
                .extracting(Portion::upTo)
                .last()
                .isEqualTo(journal.end());
        assertThat(reader.eventsPerFrame()).isEqualTo(1.0);
    }

    @Test
    void whatWasPassedBeyondTheLimitWaits() throws Exception {
        journal.transaction(ORDERS, 1);
        long limit = journal.transaction(OTHERS, 1);
        journal.transaction(OTHERS, 1);
        PortionReader reader = reader(new Jumping(journal.reader(0, ORDERS::equals)));
        assertThat(rest(reader, limit)).extracting(Portion::upTo).last().isEqualTo(1L);
        assertThat(rest(reader, Long.MAX_VALUE))
                .extracting(Portion::upTo)
                .last()
                .isEqualTo(journal.end());
    }

    /** Gives neighbouring frames without changes as one, as the journal's own reader may. */
    private static final class Jumping implements JournalReader {
        private final JournalReader frames;
        private Frame next;

        Jumping(JournalReader frames) throws Exception {
            this.frames = frames;
            this.next = frames.next();
        }

        @Override
        public Frame next() throws JournalException {
            Frame frame = next;
            next = frame == null ? null : frames.next();
            while (next != null && isEmpty(frame) && isEmpty(next)) {
                frame = next;
                next = frames.next();
            }
            return frame;
        }

        private static boolean isEmpty(Frame frame) {
            return frame.transactions().stream().allMatch(t -> t.events().isEmpty());
        }

        @Override
        public long newest() {
            return frames.newest();
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            return frames.await(atMost);
        }

        @Override
        public void seek(long afterSequence) throws JournalException {
            frames.seek(afterSequence);
        }

        @Override
        public long sequence() {
            return next == null ? frames.sequence() : next.sequence() - 1;
        }

        @Override
        public void close() {
            frames.close();
        }
    }

    private PortionReader reader() throws Exception {
        return reader(journal.reader(0, ORDERS::equals));
    }

    private PortionReader reader(JournalReader frames) {
        return new PortionReader(frames, 0, journal, DeliveryRig.batchesOf(10), new BatchReach(1));
    }

    private static List<Portion> rest(PortionReader reader, long limit) throws Exception {
        List<Portion> portions = new ArrayList<>();
        for (Portion portion = reader.next(limit); portion != null; portion = reader.next(limit)) {
            portions.add(portion);
        }
        return portions;
    }
}
