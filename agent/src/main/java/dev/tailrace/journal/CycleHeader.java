package dev.tailrace.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The payload of the CYCLE frame, the first of every file: with the SCHEMA and SCHEMA_HISTORY frames behind it everything that is needed to go on without
 * any older file.
 *
 * @param journalId identity of the journal
 * @param createdMicros when the file was begun
 * @param previousCycle number of the file before it, -1 when none was kept
 * @param previousSequence last frame of the file before it; whatever that file holds behind it was torn and does not
 *     count, and the numbers between it and this frame were given up
 * @param previousBytes written to the file before it
 * @param partsFrom first part of the transaction that is unfinished here, 0 when none is
 * @param aborted ranges that readers pass over
 * @param starts that the retained numbers are of, the file's own included; none in format 1
 * @param tail at this place
 * @param nextSchemaId the next new shape's number
 * @param schemas number of SCHEMA frames that follow
 * @param history whether a SCHEMA_HISTORY frame with all there is follows those; never in format 1
 */
record CycleHeader(
        String journalId,
        long createdMicros,
        int previousCycle,
        long previousSequence,
        long previousBytes,
        long partsFrom,
        List<SequenceRange> aborted,
        Starts starts,
        Tail tail,
        int nextSchemaId,
        int schemas,
        boolean history) {
    private static final Tail.Snapshot[] SNAPSHOTS = Tail.Snapshot.values();

    CycleHeader {
        aborted = List.copyOf(aborted);
    }

    /** The frames that belong to the beginning of the file. */
    int framesBehind() {
        return schemas + (history ? 1 : 0);
    }

    void write(FrameOutput out) {
        out.string(journalId);
        out.zigzag(createdMicros);
        out.zigzag(previousCycle);
        out.varint(previousSequence);
        out.varint(previousBytes);
        out.varint(partsFrom);
        out.varint(aborted.size());
        for (SequenceRange range : aborted) {
            out.varint(range.from());
            out.varint(range.to());
        }
        OffsetCodec.writeOffset(out, tail.offset().orElse(null));
        out.u8(tail.snapshot().ordinal());
        out.zigzag(tail.snapshotEpoch());
        out.varint(tail.snapshotEvents());
        OffsetCodec.writeMap(out, tail.source());
        out.varint(tail.sequence());
        out.varint(nextSchemaId);
        out.varint(schemas);
        starts.write(out);
        out.u8(history ? 1 : 0);
    }

    /** @param format of the frame's documents */
    static CycleHeader read(FrameInput in, int format) {
        String journalId = in.string();
        long createdMicros = in.zigzag();
        int previousCycle = (int) in.zigzag();
        long previousSequence = in.varint();
        long previousBytes = in.varint();
        long partsFrom = in.varint();
        int ranges = in.count();
        List<SequenceRange> aborted = new ArrayList<>(ranges);
        for (int i = 0; i < ranges; i++) {
            long from = in.varint();
            aborted.add(new SequenceRange(from, in.varint()));
        }
        Tail tail = readTail(in);
        int nextSchemaId = (int) in.varint();
        int schemas = (int) in.varint();
        boolean second = format >= FrameHeader.FORMAT_WITH_STARTS;
        Starts starts = second ? Starts.read(in) : Starts.NONE;
        return new CycleHeader(
                journalId,
                createdMicros,
                previousCycle,
                previousSequence,
                previousBytes,
                partsFrom,
                aborted,
                starts,
                tail,
                nextSchemaId,
                schemas,
                second && in.u8() != 0);
    }

    private static Tail readTail(FrameInput in) {
        @Nullable SourceOffset offset = OffsetCodec.readOffset(in);
        Tail.Snapshot snapshot = SNAPSHOTS[in.u8()];
        long snapshotEpoch = in.zigzag();
        long snapshotEvents = in.varint();
        var source = OffsetCodec.readMap(in);
        return new Tail(Optional.ofNullable(offset), snapshot, snapshotEpoch, snapshotEvents, source, in.varint());
    }
}
