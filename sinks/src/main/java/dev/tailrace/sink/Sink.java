package dev.tailrace.sink;

/**
 * Writes changes to one target.
 *
 * <h2>Threads</h2>
 *
 * One pipeline thread calls {@link #open}, {@link #write} and {@link #close}. A sink may use threads of its own inside
 * {@code write}, but has none left working when it returns or throws.
 *
 * <h2>Order and duplicates</h2>
 *
 * Batches come in journal order. After a failure, a rewind or a restart the pipeline hands over again everything behind
 * the last durable checkpoint, in the same order and with the same ids; a sink sees duplicates, never a gap, and must
 * leave the target as if every change had come once (or, where the target cannot, say "at least once" in its docs and
 * carry the {@link dev.tailrace.event.EventId}). Changes of one key take effect in the order given (I3).
 *
 * <h2>What return means</h2>
 *
 * "Accepted" is not "durable". {@link WriteResult#durable} says that every change up to and including this batch
 * survives a power loss at the target. {@link WriteResult#pending} says that the batch was taken into an open target
 * transaction that a later batch completes; nothing of it may be visible to others yet. Only a batch that does not
 * {@linkplain Batch#endsTransaction() end a transaction} may be answered with pending.
 *
 * <h2>Failure</h2>
 *
 * A sink never retries, sleeps or logs payloads. It throws a {@link SinkException} whose disposition tells the pipeline
 * what to do; what it had pending is rolled back before it throws, and the next batch it is given starts behind the last
 * durable one. After {@code RETRY} it is closed and opened again on the same instance's factory (a new instance), so an
 * implementation needs no re-connect logic.
 *
 * <h2>Shutdown</h2>
 *
 * {@link #close} rolls back what is pending, is bounded by the sink's time-outs, idempotent, and never throws for what a
 * broken connection makes impossible. An interrupt during {@code write} makes it return or throw promptly.
 */
public interface Sink extends AutoCloseable {

    /**
     * Connects, checks and prepares the target, and fences earlier holders (I6).
     *
     * @throws SinkException RETRY when the target cannot be reached now; HALT when time will not mend it
     */
    void open(SinkContext context) throws SinkException;

    /**
     * Writes one batch.
     *
     * @throws SinkException see the type's doc
     */
    WriteResult write(Batch batch) throws SinkException;

    @Override
    void close();
}
