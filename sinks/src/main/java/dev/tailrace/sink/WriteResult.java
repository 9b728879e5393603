package dev.tailrace.sink;

/** What became of a batch that was written without an exception. */
public enum WriteResult {
    /** Everything up to and including the batch survives a power loss at the target: its checkpoint may move (I2). */
    DURABLE,
    /** The batch is inside an open target transaction which a later batch of the same source transaction commits. */
    PENDING;

    public static WriteResult durable() {
        return DURABLE;
    }

    public static WriteResult pending() {
        return PENDING;
    }
}
