package dev.tailrace.sink;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import java.util.List;
import java.util.Objects;

/**
 * What a sink writes in one call: several whole source transactions, or one part of a transaction too big for a batch.
 * A part of a big transaction never shares a batch with anything else.
 *
 * <p>A batch is made of whole journal frames and has the same composition when it is handed over again after a failure
 * in the same process. After a restart the borders may differ; ids and order do not.
 */
public final class Batch {
    private final List<Transaction> transactions;
    private final long after;
    private final Checkpoint checkpoint;
    private final int eventCount;

    /** A batch of which it is not known where it begins. */
    public Batch(List<Transaction> transactions, Checkpoint checkpoint) {
        this(transactions, -1, checkpoint);
    }

    /**
     * @param transactions in source order
     * @param after number of the journal frame behind which its frames begin, -1 when unknown
     * @param checkpoint that holds once this batch is durable
     * @throws IllegalArgumentException when a part is mixed with other transactions, or the batch is empty
     */
    public Batch(List<Transaction> transactions, long after, Checkpoint checkpoint) {
        this.transactions = List.copyOf(transactions);
        this.after = after;
        this.checkpoint = Objects.requireNonNull(checkpoint, "checkpoint");
        if (this.transactions.isEmpty()) {
            throw new IllegalArgumentException("a batch holds at least one transaction");
        }
        int count = 0;
        for (Transaction transaction : this.transactions) {
            if (!transaction.isWhole() && this.transactions.size() > 1) {
                throw new IllegalArgumentException("a part of transaction " + transaction.id() + " shares its batch");
            }
            count += transaction.events().size();
        }
        this.eventCount = count;
    }

    public List<Transaction> transactions() {
        return transactions;
    }

    /** Number of the journal frame behind which the batch begins, -1 when unknown. */
    public long after() {
        return after;
    }

    /** The checkpoint that is true once this batch is durable at the target. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Whether the target is at a commit point of the source when this batch is applied. */
    public boolean endsTransaction() {
        return transactions.get(transactions.size() - 1).last();
    }

    /** Whether the first change of this batch is the first of its transaction. */
    public boolean startsTransaction() {
        return transactions.get(0).first();
    }

    public int eventCount() {
        return eventCount;
    }

    /** All changes in order, across the transactions. */
    public List<ChangeEvent> events() {
        return transactions.size() == 1
                ? transactions.get(0).events()
                : transactions.stream().flatMap(t -> t.events().stream()).toList();
    }

    @Override
    public String toString() {
        return "batch of " + eventCount + " changes in " + transactions.size() + " transactions up to frame "
                + checkpoint.sequence();
    }
}
