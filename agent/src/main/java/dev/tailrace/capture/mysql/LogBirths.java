package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import dev.tailrace.journal.SourceOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When each file of the log was begun, as the description at its head tells in every reading of it, wherever that begins. A
 * server whose log was reset gives the names of the files, and with GTIDs the numbers of the transactions, anew: once the
 * new log has grown past the journal's place, nothing else tells them apart (I9). Thread-safe.
 */
final class LogBirths {
    /** More than lie between the log client and the journal. */
    private static final int FILES = 1000;

    private final Optional<SourceOffset> resumed;
    private final Map<String, Long> births = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > FILES;
        }
    };
    private String file = "";

    /** @param resumed where the engine begins to read, empty when it does not read on in a known log */
    LogBirths(Optional<SourceOffset> resumed) {
        this.resumed = resumed;
    }

    /** Where no log is read. */
    static LogBirths unknown() {
        return new LogBirths(Optional.empty());
    }

    /**
     * What the log client has read.
     *
     * @throws RefusedEventException when the file is not the one that the journal's place is in
     */
    synchronized void read(Event event) throws RefusedEventException {
        EventType type = event.getHeader().getEventType();
        if (type == EventType.ROTATE) {
            RotateEventData rotation = event.getData();
            file = rotation.getBinlogFilename();
        } else if (type == EventType.FORMAT_DESCRIPTION) {
            long birth = event.getHeader().getTimestamp() / 1000;
            births.put(file, birth);
            requireSame(birth);
        }
    }

    private void requireSame(long birth) throws RefusedEventException {
        if (resumed.isPresent() && isOther(resumed.get(), birth)) {
            throw new RefusedEventException(
                    MySqlGaps.BEHIND_JOURNAL,
                    "source",
                    "the server has begun " + file
                            + " anew since the journal's end was read from it: its log was reset, or"
                            + " it was put back from an older copy",
                    MySqlGaps.SNAPSHOT_MENDS);
        }
    }

    private boolean isOther(SourceOffset offset, long birth) {
        Long before = BinlogOffset.birth(offset);
        return before != null && before != birth && BinlogOffset.file(offset).equals(file);
    }

    /** In seconds since 1970, null when it has not been read. */
    synchronized @Nullable Long of(String name) {
        return births.get(name);
    }
}
