package dev.tailrace.journal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The durable form of a SCHEMA_HISTORY frame. */
final class HistoryCodec {
    private HistoryCodec() {}

    /**
     * What a frame says.
     *
     * @param offset behind the frame, null when the source cannot be restarted from there
     * @param sourceMicros of the offset
     * @param anew whether everything remembered before is forgotten first
     * @param changes by key; empty where the key is forgotten
     */
    record Entry(
            @Nullable SourceOffset offset, long sourceMicros, boolean anew, Map<String, Optional<String>> changes) {}

    static void write(FrameOutput out, Entry entry) {
        OffsetCodec.writeOffset(out, entry.offset());
        out.zigzag(entry.sourceMicros());
        out.u8(entry.anew() ? 1 : 0);
        out.varint(entry.changes().size());
        for (Map.Entry<String, Optional<String>> change : new TreeMap<>(entry.changes()).entrySet()) {
            out.string(change.getKey());
            out.u8(change.getValue().isPresent() ? 1 : 0);
            change.getValue().ifPresent(out::string);
        }
    }

    static Entry read(FrameInput in) {
        SourceOffset offset = OffsetCodec.readOffset(in);
        long sourceMicros = in.zigzag();
        boolean anew = in.u8() != 0;
        int count = in.count();
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String key = in.string();
            changes.put(key, in.u8() != 0 ? Optional.of(in.string()) : Optional.empty());
        }
        return new Entry(offset, sourceMicros, anew, changes);
    }
}
