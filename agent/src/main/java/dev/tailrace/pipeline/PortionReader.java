package dev.tailrace.pipeline;

import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Frame;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalReader;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of whole frames. Small transactions are combined as long as more is readable, a part of a big one stays
 * alone, and nothing is ever waited for. One thread at a time.
 */
final class PortionReader implements AutoCloseable {
    /** Frames without wanted changes to look at before the caller gets to look at its orders. */
    private static final int LONGEST_SKIP = 1_000;

    /** Large rows fill pages by themselves: more of them bring less than they take of the heap. */
    private static final int ROWS_TO_BYTES = 4;

    private final JournalReader reader;
    private final Journal journal;
    private final PipelineSettings settings;
    private final BatchReach reach;
    private @Nullable Frame ahead;
    private long upTo;
    private String position = "";
    private boolean insideTransaction;
    private boolean sawFirstPart;
    private boolean handedPart;
    private boolean large;
    private long counted;
    private long framesSeen;
    private long eventsSeen;

    /**
     * @param reader placed behind the frame {@code after}; owned from here on
     * @param reach by how much a batch may hold more than the settings say
     */
    PortionReader(JournalReader reader, long after, Journal journal, PipelineSettings settings, BatchReach reach) {
        this.reader = reader;
        this.journal = journal;
        this.settings = settings;
        this.reach = reach;
        this.upTo = after;
        this.counted = reader.sequence();
    }

    /** The next frames, null when none is readable at the moment. They may be none for once: there is more to look at then. */
    @Nullable
    Portion next() throws JournalException {
        return next(Long.MAX_VALUE);
    }

    /** The same of the frames up to that one, which is the end of a transaction. */
    @Nullable
    Portion next(long limit) throws JournalException {
        List<Transaction> taken = new ArrayList<>();
        int factor = reach.factor();
        long maxEvents = (long) settings.maxEvents() * factor;
        long maxBytes = settings.maxSize().bytes() * Math.max(1, factor / ROWS_TO_BYTES);
        int events = 0;
        long bytes = 0;
        boolean filled = false;
        boolean end = false;
        long before = upTo;
        for (int skipped = 0; skipped < LONGEST_SKIP; ) {
            Frame frame = read(limit);
            if (frame == null) {
                end = true;
                break;
            }
            if (insideTransaction && frame.kind().standsAnywhere()) {
                count(frame, 0); // not passed: nobody can go on from within a transaction
                skipped++;
                continue;
            }
            int size = wantedEvents(frame);
            boolean part = frame.kind() == Frame.Kind.PART;
            boolean full = size > 0 && (events + size > maxEvents || bytes + frame.bytes() > maxBytes);
            if (!taken.isEmpty() && (part || full)) {
                filled = full;
                ahead = frame;
                break;
            }
            count(frame, size);
            if (part) {
                if (takePart(frame, taken)) {
                    bytes = frame.bytes();
                    break;
                }
            } else {
                endTransaction(frame);
                frame.transactions().stream().filter(t -> !t.events().isEmpty()).forEach(taken::add);
                pass(frame);
            }
            events += size;
            bytes += size > 0 ? frame.bytes() : 0;
            skipped += size > 0 ? 0 : 1;
        }
        large = bytes > maxBytes;
        if (taken.isEmpty()) {
            return end && upTo == before ? null : new Portion(null, upTo, position, factor, false);
        }
        Checkpoint behind = new Checkpoint(journal.id(), upTo, journal.tokenOf(upTo), position);
        return new Portion(new Batch(taken, before, behind), upTo, position, factor, filled);
    }

    /** The next frame up to that one, null behind it or at the end of what is readable. */
    private @Nullable Frame read(long limit) throws JournalException {
        Frame frame = ahead != null ? ahead : reader.next();
        boolean beyond = frame != null && frame.sequence() > limit;
        ahead = beyond ? frame : null;
        if (frame == null && !insideTransaction) {
            upTo = Math.max(upTo, Math.min(limit, reader.sequence()));
        }
        return beyond ? null : frame;
    }

    /** Whether the part is handed over. Parts without wanted changes are left out, but a begun transaction gets its end. */
    private boolean takePart(Frame frame, List<Transaction> taken) {
        Transaction part = frame.transactions().get(0);
        if (part.first()) {
            endTransaction(frame);
            sawFirstPart = true;
        }
        boolean wanted = !part.events().isEmpty() || (part.last() && handedPart);
        boolean first = part.first() || (sawFirstPart && !handedPart);
        if (wanted) {
            taken.add(new Transaction(
                    part.id(), part.position(), part.commitMicros(), part.events(), first, part.last()));
            handedPart = true;
        }
        insideTransaction = !part.last();
        if (part.last()) {
            sawFirstPart = false;
            handedPart = false;
        }
        // A restart behind parts that were left out would hand over the rest without its start.
        if (wanted || part.last()) {
            pass(frame);
        }
        return wanted;
    }

    private void endTransaction(Frame next) {
        if (handedPart) {
            throw new IllegalStateException(
                    "frame " + next.sequence() + " follows parts of a transaction whose end is missing");
        }
        insideTransaction = false;
    }

    private void pass(Frame frame) {
        upTo = frame.sequence();
        if (!frame.position().isEmpty()) {
            position = frame.position();
        }
    }

    private static int wantedEvents(Frame frame) {
        int events = 0;
        for (Transaction transaction : frame.transactions()) {
            events += transaction.events().size();
        }
        return events;
    }

    /** A frame may stand for many that were passed in one step. */
    private void count(Frame frame, int events) {
        framesSeen += Math.max(1, frame.sequence() - counted);
        counted = frame.sequence();
        eventsSeen += events;
    }

    /** Behind which frame there is nothing wanted. Any thread. */
    long newest() {
        return reader.newest();
    }

    /** Waits until there may be something to take; false when the time passed before. */
    boolean awaitMore(Duration atMost) throws InterruptedException {
        return ahead != null || reader.await(atMost);
    }

    /** Goes back to right behind that frame. */
    void rewind(long after) throws JournalException {
        reader.seek(after);
        ahead = null;
        upTo = after;
        counted = reader.sequence();
        insideTransaction = false;
        sawFirstPart = false;
        handedPart = false;
    }

    /** The last frame the journal's reader has passed: what is behind it has not been looked at. */
    long readSequence() {
        return ahead != null ? ahead.sequence() - 1 : reader.sequence();
    }

    /** Whether more waits behind the last portion, and neither that nor this is so large that both would fill the heap. */
    boolean mayReadAhead() {
        Frame next = ahead;
        return !large && (next != null ? next.bytes() <= settings.maxSize().bytes() : insideTransaction);
    }

    /** Wanted changes a frame so far; 1 before the first frame. */
    double eventsPerFrame() {
        return framesSeen == 0 ? 1.0 : (double) eventsSeen / framesSeen;
    }

    @Override
    public void close() {
        reader.close();
    }
}
