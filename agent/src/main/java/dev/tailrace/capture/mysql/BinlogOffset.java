package dev.tailrace.capture.mysql;

import dev.tailrace.capture.JournalOffsetStore;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.journal.SourceOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the binary log is read from: in the safe form, at the beginning of a transaction or between two, never inside.
 *
 * <p>The engine tells the end of a transaction only with what comes after it. Until then the offset is that of the
 * transaction's beginning with its identity as {@link #DONE}: the server sends it once more, and it is dropped whole.
 */
final class BinlogOffset {
    static final String FILE = "file";
    static final String POSITION = "pos";
    static final String GTIDS = "gtids";

    /** Identity of the transaction that begins at the offset and is journaled already. None of the engine's business. */
    static final String DONE = JournalOffsetStore.OWN + "done";

    /** When the file was begun, in seconds since 1970. None of the engine's business. */
    private static final String BIRTH = JournalOffsetStore.OWN + "birth";

    private static final String SERVER_ID = "server_id";
    private static final String SECONDS = "ts_sec";

    private BinlogOffset() {}

    /**
     * @param engine the engine's own offset, from which is left out what points into a transaction
     * @param done identity of the transaction there that is journaled, null when none is
     * @param births of files that were read
     */
    static SourceOffset of(String source, Map<String, ?> engine, @Nullable String done, LogBirths births) {
        String file = String.valueOf(engine.get(FILE));
        long position = number(engine.get(POSITION));
        return of(source, engine, file, position, done, births);
    }

    static SourceOffset of(
            String source, Map<String, ?> engine, String file, long position, @Nullable String done, LogBirths births) {
        Map<String, Object> attributes = new HashMap<>();
        attributes.put(FILE, file);
        attributes.put(POSITION, position);
        if (engine.get(GTIDS) instanceof String gtids) {
            attributes.put(GTIDS, gtids);
        }
        for (String key : new String[] {SERVER_ID, SECONDS}) {
            if (engine.get(key) instanceof Number number) {
                attributes.put(key, number.longValue());
            }
        }
        if (done != null) {
            attributes.put(DONE, done);
        }
        Long birth = births.of(file);
        if (birth != null) {
            attributes.put(BIRTH, birth);
        }
        return new SourceOffset(new SourcePosition(source, BinlogFile.number(file), position), attributes);
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("the engine told no position in the log");
    }

    static String file(SourceOffset offset) {
        return String.valueOf(offset.attributes().get(FILE));
    }

    /** Everything that was executed before the offset, without the transaction that is done there; null without GTIDs. */
    static @Nullable Gtids gtids(SourceOffset offset) {
        return offset.attributes().get(GTIDS) instanceof String text ? Gtids.parse(text) : null;
    }

    /** Null when it was not noted. */
    static @Nullable Long birth(SourceOffset offset) {
        return offset.attributes().get(BIRTH) instanceof Number birth ? birth.longValue() : null;
    }

    /** When what is before the offset was committed, in seconds since 1970; null when that is not known. */
    static @Nullable Long seconds(SourceOffset offset) {
        return offset.attributes().get(SECONDS) instanceof Number seconds && seconds.longValue() > 0
                ? seconds.longValue()
                : null;
    }

    static @Nullable String done(SourceOffset offset) {
        return offset.attributes().get(DONE) instanceof String done ? done : null;
    }
}
