package dev.tailrace.journal;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the frames of all files in order and proves that none is missing: numbers grow by one, and where a new epoch begins, by what its
 * CYCLE frame declares. One thread at a time.
 */
final class FrameWalker implements AutoCloseable {
    private final Cursor cursor;
    private final CycleFiles files;
    private final Supplier<CycleIndex> index;
    private long sequence;
    private boolean lost;
    private @Nullable End passed;

    FrameWalker(Cursor cursor, CycleFiles files, Supplier<CycleIndex> index) {
        this.cursor = cursor;
        this.files = files;
        this.index = index;
    }

    /** Number of the last frame passed. */
    long sequence() {
        return sequence;
    }

    /** The file of the last frame passed. */
    int cycle() {
        return cursor.cycle();
    }

    /** Goes right behind the frame of that number; 0 for before the oldest. */
    void seek(long after) throws JournalException {
        CycleIndex cycles = index.get();
        Cycle first = cycles.first();
        if (first == null) {
            throw gap("the journal has no frames", after);
        }
        if (after != 0 && after < first.header().previousSequence()) {
            throw gap("the oldest frame is " + first.firstSequence(), after);
        }
        lost = true;
        Cycle cycle = cycles.holding(after);
        try {
            if (cycle == null) {
                enter(first);
                sequence = Math.max(after, first.header().previousSequence());
            } else {
                Cycle successor = cycles.after(cycle.number());
                if (successor != null && after >= successor.header().previousSequence()) {
                    enter(successor);
                } else {
                    enter(cycle);
                    seekWithin(cycle, after);
                }
                sequence = after;
            }
            lost = false;
        } catch (DamagedFrameException e) {
            throw corrupt(cursor.cycle(), after, e);
        }
    }

    private void enter(Cycle cycle) throws DamagedFrameException {
        if (!cursor.moveTo(cycle.number(), 0)) {
            throw new DamagedFrameException("the file has no first frame", null);
        }
    }

    /** A frame is at least one document: as many documents as there are frames between never lead too far. */
    private void seekWithin(Cycle cycle, long after) throws DamagedFrameException {
        RawFrame frame = cursor.read();
        while (frame != null && frame.sequence() < after) {
            long between = after - frame.sequence() - 1;
            if (!cursor.moveToFrame(cycle.number(), frame.document() + frame.documents() + between)) {
                break;
            }
            frame = cursor.read();
        }
        if (frame == null || frame.sequence() != after) {
            throw new DamagedFrameException("frame " + after + " is missing", null);
        }
    }

    /**
     * The next frame.
     *
     * @param upTo the newest frame that may be read: it and all before it are known to be there
     * @return null when it has been passed
     */
    @Nullable
    RawFrame next(long upTo) throws JournalException {
        if (sequence >= upTo) {
            return null;
        }
        if (lost) {
            find();
        }
        try {
            RawFrame frame = read();
            if (frame == null) {
                throw new DamagedFrameException("frame " + (sequence + 1) + " is missing", null);
            }
            sequence = frame.sequence();
            return frame;
        } catch (DamagedFrameException e) {
            lost = true;
            throw corrupt(cursor.cycle(), sequence, e);
        }
    }

    /** Goes behind a frame of which the writer knows where it is, without looking at what lies before it. */
    void passTo(End end) throws JournalException {
        sequence = end.sequence();
        passed = end;
        lost = true;
        if (end.cycle() != cursor.cycle()) {
            find(); // a cursor left in an old file keeps its blocks on the disk, though it is deleted
        }
    }

    private void find() throws JournalException {
        End end = passed;
        passed = null;
        // it may have been sent elsewhere since
        lost = end == null || end.sequence() != sequence || index.get().find(end.cycle()) == null || !isBehind(end);
        if (lost) {
            seek(sequence);
        }
    }

    private boolean isBehind(End end) {
        try {
            return cursor.moveBehind(end.cycle(), end.document(), end.sequence());
        } catch (DamagedFrameException e) {
            return false; // looking for it from the beginning says what it is
        }
    }

    private @Nullable RawFrame read() throws DamagedFrameException, JournalException {
        jump();
        RawFrame frame = cursor.read();
        if (frame == null) {
            // The writer may have begun a new file after we looked; and may have appended before that: read again.
            jump();
            frame = cursor.read();
        }
        if (frame != null) {
            Cycle here = index.get().find(frame.cycle());
            if (here == null) {
                throw gap("its file was deleted", sequence);
            }
            boolean follows = frame.kind() == Frame.Kind.CYCLE
                    ? frame.sequence() == here.firstSequence() && here.header().previousSequence() <= sequence
                    : frame.sequence() == sequence + 1;
            if (!follows || frame.epoch() != here.epoch()) {
                throw gap("frame " + frame.sequence() + " follows without saying so", sequence);
            }
        }
        return frame;
    }

    private void jump() throws DamagedFrameException, JournalException {
        CycleIndex cycles = index.get();
        if (cycles.find(cursor.cycle()) == null) {
            Cycle first = cycles.first();
            if (first == null || sequence < first.header().previousSequence()) {
                throw gap("its file was deleted", sequence);
            }
            // It was deleted because everything in it had been passed, here too.
            enter(first);
        }
        Cycle successor = cycles.after(cursor.cycle());
        while (successor != null && sequence >= successor.header().previousSequence()) {
            enter(successor);
            successor = cycles.after(successor.number());
        }
    }

    private JournalException gap(String what, long after) {
        return new JournalException(
                "JOURNAL-GAP",
                "no frames follow frame " + after + " in " + files.directory() + ": " + what,
                "take a new snapshot for whoever read this journal (tailrace snapshot)",
                false,
                null);
    }

    private JournalException corrupt(int cycle, long after, DamagedFrameException e) {
        Path file = files.file(Math.max(cycle, 0));
        return new JournalException(
                "JOURNAL-CORRUPT",
                "journal file " + file + " is damaged behind frame " + after + ": " + e.getMessage(),
                "restore the file from a copy, or take a new snapshot (tailrace snapshot); check the disk",
                false,
                e);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
