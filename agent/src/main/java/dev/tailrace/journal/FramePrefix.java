package dev.tailrace.journal;

import dev.tailrace.event.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the transactions of a TRANSACTIONS, PART, SNAPSHOT or OFFSET frame: all that recovery needs, readable without any
 * schema.
 *
 * @param offset behind the frame, null when the source cannot be restarted from there
 * @param base to which the frame's positions are relative
 * @param first whether a PART is the first of its transaction
 * @param last whether a PART is the last of its transaction
 * @param snapshotEpoch of a SNAPSHOT's events, else -1
 * @param snapshotEvents number of a SNAPSHOT's events
 */
record FramePrefix(
        @Nullable SourceOffset offset,
        SourcePosition base,
        long sourceMicros,
        boolean first,
        boolean last,
        long snapshotEpoch,
        long snapshotEvents) {

    static FramePrefix of(SourceOffset offset, long sourceMicros) {
        return new FramePrefix(offset, offset.position(), sourceMicros, true, true, -1, 0);
    }

    void write(FrameOutput out) {
        OffsetCodec.writeOffset(out, offset);
        if (offset == null) {
            OffsetCodec.writePosition(out, base);
        }
        out.zigzag(sourceMicros);
        out.u8((first ? 1 : 0) | (last ? 2 : 0));
        out.zigzag(snapshotEpoch);
        out.varint(snapshotEvents);
    }

    static FramePrefix read(FrameInput in) {
        SourceOffset offset = OffsetCodec.readOffset(in);
        SourcePosition base = offset != null ? offset.position() : OffsetCodec.readPosition(in);
        long sourceMicros = in.zigzag();
        int flags = in.u8();
        long snapshotEpoch = in.zigzag();
        return new FramePrefix(
                offset, base, sourceMicros, (flags & 1) != 0, (flags & 2) != 0, snapshotEpoch, in.varint());
    }
}
