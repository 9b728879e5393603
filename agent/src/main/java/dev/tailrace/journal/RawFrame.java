package dev.tailrace.journal;

/**
 * A verified frame that is not decoded yet.
 *
 * @param format of its documents
 * @param cycle the file it is in
 * @param document number in that file of its first document
 * @param documents of the frame
 * @param payload may be read once
 * @param bytes of all its documents
 */
record RawFrame(
        int format,
        Frame.Kind kind,
        long sequence,
        long epoch,
        int cycle,
        long document,
        int documents,
        FrameInput payload,
        long bytes) {}
