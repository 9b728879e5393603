package dev.tailrace.pipeline;

/** What a pipeline is doing. */
public enum PipelineState {
    /** The sink was not opened yet since the start: what its target holds is not known. */
    STARTING("starting"),
    /** Delivering, or caught up and waiting for changes. */
    RUNNING("running"),
    /** The target or the way to it is out of order; tries again for ever with back-off. */
    RETRYING("retrying"),
    /** An operator paused it; the journal keeps everything for it. */
    PAUSED("paused"),
    /** Only an operator mends it; the journal keeps everything for it (I4). */
    HALTED("halted");

    private final String label;

    PipelineState(String label) {
        this.label = label;
    }

    /** The word that status, log and metrics show. */
    public String label() {
        return label;
    }
}
