package dev.tailrace.journal;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Which start of the agent gave out which frame numbers. Copies of one journal that went on by themselves have used the
 * same numbers and epochs; the random tokens of their starts differ (I6, I9). Immutable.
 *
 * @param known ascending; each start's numbers end where the next one's begin. What lies before the first was written by
 *     starts that had no token, or is forgotten
 */
record Starts(List<Start> known) {
    static final Starts NONE = new Starts(List.of());
    /** Of frames whose start had none. */
    static final String NO_TOKEN = "";

    /**
     * One start.
     *
     * @param firstSequence the first number it gave out
     * @param token random
     */
    record Start(long firstSequence, long token) {
        String text() {
            return HexFormat.of().toHexDigits(token);
        }
    }

    Starts {
        known = List.copyOf(known);
    }

    Starts with(long firstSequence, long token) {
        List<Start> more = new ArrayList<>(known);
        more.add(new Start(firstSequence, token));
        return new Starts(more);
    }

    /** Without the starts that are not needed to tell of that number or a later one. */
    Starts from(long sequence) {
        int first = indexOf(sequence);
        return first <= 0 ? this : new Starts(known.subList(first, known.size()));
    }

    /** The token of the start that gave out that number. */
    String tokenOf(long sequence) {
        int at = indexOf(sequence);
        return at < 0 ? NO_TOKEN : known.get(at).text();
    }

    /** The token of the newest start. */
    String newest() {
        return known.isEmpty() ? NO_TOKEN : known.get(known.size() - 1).text();
    }

    private int indexOf(long sequence) {
        int at = known.size() - 1; // asked for new numbers nearly always
        while (at >= 0 && known.get(at).firstSequence() > sequence) {
            at--;
        }
        return at;
    }

    void write(FrameOutput out) {
        out.varint(known.size());
        for (Start start : known) {
            out.varint(start.firstSequence());
            out.i64(start.token());
        }
    }

    static Starts read(FrameInput in) {
        int count = in.count();
        List<Start> starts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long firstSequence = in.varint();
            starts.add(new Start(firstSequence, in.i64()));
        }
        return new Starts(starts);
    }
}
