package dev.tailrace.capture.mysql;

/**
 * Whether the stream lives: the engine itself does not end when the server closes its connection, nor when nothing comes
 * through it any more. Thread-safe.
 */
final class StreamPulse {
    private volatile boolean lost;
    private volatile boolean streaming;
    private volatile long beats;

    /** The connection to the log has ended; what ends it in an orderly stop is nobody's concern any more. */
    void lost() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }

    /** A record has come. One thread. */
    void beat(boolean streamed) {
        streaming |= streamed;
        beats = beats + 1;
    }

    /** Whether the snapshot, if there is one, is over: from then on the server is never silent for long. */
    boolean isStreaming() {
        return streaming;
    }

    long beats() {
        return beats;
    }
}
