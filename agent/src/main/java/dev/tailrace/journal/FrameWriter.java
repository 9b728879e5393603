package dev.tailrace.journal;

import dev.tailrace.event.TableSchema;
import dev.tailrace.lifecycle.Failpoints;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Numbers frames, begins files with all that is needed to forget the older ones, and publishes what is fsynced. Guarded by the
 * journal's lock.
 */
final class FrameWriter {
    private final JournalState state;
    private final CycleWriter writer;
    private final WatermarkFile watermarkFile;
    private final InstantSource clock;
    private final long cycleSize;
    private final GrowthRate growth;
    private final FrameOutput beginning = new FrameOutput();
    private boolean pending;
    private long beginningEnd;
    private long sealedBytes;

    FrameWriter(
            JournalState state, CycleWriter writer, WatermarkFile watermarkFile, InstantSource clock, long cycleSize) {
        this.state = state;
        this.writer = writer;
        this.watermarkFile = watermarkFile;
        this.clock = clock;
        this.cycleSize = cycleSize;
        this.growth = new GrowthRate(clock);
    }

    /** Writes one frame, in a new file when the live one is full. The caller tells the tail. */
    long append(Frame.Kind kind, FrameOutput payload) throws JournalException {
        return append(kind, payload, Set.of());
    }

    /** @param outdated shapes that the frame uses besides the newest ones: a file holds all that its frames use */
    long append(Frame.Kind kind, FrameOutput payload, Set<TableSchema> outdated) throws JournalException {
        Failpoints.hit("journal.before-append");
        // Chronicle opens files through channels, which an interrupt would close: it waits until the frame is written.
        boolean interrupted = Thread.interrupted();
        try {
            return appendUninterrupted(kind, payload, outdated);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long appendUninterrupted(Frame.Kind kind, FrameOutput payload, Set<TableSchema> outdated)
            throws JournalException {
        if (writer.position() > beginningEnd && writer.position() + payload.size() > cycleSize) {
            roll(outdated);
        }
        writer.allocate(size(payload)); // before the frame has a number: one that is refused leaves no gap
        long before = writer.position();
        long sequence = write(kind, payload);
        growth.add(writer.position() - before);
        Failpoints.hit("journal.after-append");
        return sequence;
    }

    private static long size(FrameOutput payload) {
        return payload.size() + (long) payload.chunkCount() * Preallocation.DOCUMENT;
    }

    private long write(Frame.Kind kind, FrameOutput payload) throws JournalException {
        if (state.isClosed()) {
            throw new JournalException("JOURNAL-IO", "the journal is closed", "open it again", true, null);
        }
        pending = true;
        long sequence = state.takeSequence();
        writer.write(kind, sequence, state.epoch, payload);
        return sequence;
    }

    private void roll(Set<TableSchema> outdated) throws JournalException {
        // What the new file's beginning says of this one must be true after a power loss.
        writer.force();
        Recovered.End end = new Recovered.End(writer.cycle(), state.tail.sequence(), writer.position());
        List<TableSchema> schemas = schemas(outdated);
        CycleHeader header = header(end, schemas);
        writer.roll(size(header, schemas));
        writeBeginning(header, schemas);
    }

    /** Writes the beginning of the first file of a start. */
    void begin(Recovered.End previous) throws JournalException {
        List<TableSchema> schemas = schemas(Set.of());
        CycleHeader header = header(previous, schemas);
        writer.allocate(size(header, schemas));
        writeBeginning(header, schemas);
    }

    private List<TableSchema> schemas(Set<TableSchema> outdated) {
        List<TableSchema> schemas = new ArrayList<>(outdated);
        schemas.addAll(state.catalog.newest());
        return schemas;
    }

    private CycleHeader header(Recovered.End previous, List<TableSchema> schemas) {
        Tail tail = state.tail.toTail();
        return new CycleHeader(
                state.id,
                ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()),
                previous.cycle(),
                previous.sequence(),
                previous.bytes(),
                state.tail.partsFrom(),
                state.tail.aborted(),
                state.tail.starts(),
                tail,
                state.nextSchemaId(),
                schemas.size(),
                !state.tail.history().isEmpty());
    }

    /** What a beginning takes: known before the new file is made, so that it is made with room for all of it. */
    private long size(CycleHeader header, List<TableSchema> schemas) {
        header.write(beginning.reset());
        long bytes = size(beginning);
        for (TableSchema schema : schemas) {
            SchemaCodec.write(beginning.reset(), schema);
            bytes += size(beginning);
        }
        if (header.history()) {
            HistoryCodec.write(beginning.reset(), wholeHistory());
            bytes += size(beginning);
        }
        return bytes;
    }

    private void writeBeginning(CycleHeader header, List<TableSchema> schemas) throws JournalException {
        header.write(beginning.reset());
        long first = write(Frame.Kind.CYCLE, beginning);
        Failpoints.hit("journal.mid-roll");
        long sequence = first;
        for (TableSchema schema : schemas) {
            SchemaCodec.write(beginning.reset(), schema);
            sequence = write(Frame.Kind.SCHEMA, beginning);
        }
        if (header.history()) {
            HistoryCodec.write(beginning.reset(), wholeHistory());
            sequence = write(Frame.Kind.SCHEMA_HISTORY, beginning);
        }
        beginning.reset();
        state.tail.pass(sequence);
        beginningEnd = writer.position();
        state.index(state.index().with(new Cycle(writer.cycle(), first, state.epoch, header)));
        countBytes();
    }

    private HistoryCodec.Entry wholeHistory() {
        Map<String, Optional<String>> all = new TreeMap<>();
        state.tail.history().forEach((key, text) -> all.put(key, Optional.of(text)));
        return new HistoryCodec.Entry(null, 0, true, all);
    }

    /** Makes durable and visible what was appended (I1, I5). */
    void force() throws JournalException {
        if (!pending) {
            return;
        }
        writer.force();
        pending = false;
        Failpoints.hit("journal.after-force");
        state.publish(writer.cycle(), writer.lastDocument());
        writeWatermark(false);
    }

    void writeWatermark(boolean force) throws JournalException {
        try {
            watermarkFile.write(
                    new WatermarkFile.Mark(state.epoch, state.watermark.durable(), state.watermark.readable()), force);
        } catch (IOException e) {
            throw new JournalException(
                    "JOURNAL-IO",
                    "the watermark in " + state.files.directory() + " could not be written: " + e,
                    "check the disk",
                    true,
                    e);
        }
    }

    /** Adds up what is written to the files before the live one. */
    void countBytes() {
        sealedBytes = state.index().sealedBytes(state.files);
    }

    /** Number of the file that is written. */
    int liveFile() {
        return writer.cycle();
    }

    /** Written to all files. */
    long bytes() {
        return sealedBytes + writer.position();
    }

    double bytesPerSecond() {
        return growth.perSecond();
    }
}
