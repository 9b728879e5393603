package dev.tailrace.capture;

/**
 * Whether the stream lives: an engine does not end by itself when the server has closed its connection, nor when nothing
 * comes through it any more. Thread-safe.
 */
public final class StreamPulse {
    private volatile boolean lost;
    private volatile boolean streaming;
    private volatile long beats;
    private volatile long place;

    /** The connection to the log has ended; what ends it in an orderly stop is nobody's concern any more. */
    public void lost() {
        lost = true;
    }

    public boolean isLost() {
        return lost;
    }

    /** A record has come. One thread. */
    public void beat(boolean streamed) {
        beat(streamed, 0);
    }

    /**
     * A record has come. One thread.
     *
     * @param at its place in the source's log, as far as records of the engine's own making tell it
     */
    public void beat(boolean streamed, long at) {
        streaming |= streamed;
        place = at;
        beats = beats + 1;
    }

    /** Whether the snapshot, if there is one, is over: from then on a living stream is never silent for long. */
    public boolean isStreaming() {
        return streaming;
    }

    public long beats() {
        return beats;
    }

    /** Where the newest record was in the source's log. */
    public long place() {
        return place;
    }
}
