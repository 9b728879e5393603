package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.JournalException;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands an approved table over once more, from its first held change to where the others are, then lets it join them.
 * One step at a time, so that the others go on meanwhile; between two steps nothing is open at the target. Owned by the
 * pipeline's thread.
 */
final class CatchUp {
    private final DeliveryParts parts;
    private @Nullable PortionReader reader;
    private @Nullable TableId table;

    CatchUp(DeliveryParts parts) {
        this.parts = parts;
    }

    /**
     * Takes one step, up to the end of a source transaction.
     *
     * @param durable the frame up to which the others are durable; no change behind it is handed over
     * @return whether there was anything to do
     */
    boolean step(HoldingSink sink, long durable) throws SinkException, JournalException {
        Optional<HeldTable> next =
                sink.held().stream().filter(HeldTable::approved).findFirst();
        if (next.isEmpty()) {
            close();
            return false;
        }
        PortionReader frames = reader(next.get());
        boolean open = false;
        while (true) {
            Portion portion = frames.next(durable);
            if (portion == null) {
                if (open) {
                    throw new IllegalStateException("the end of a transaction of " + table + " is missing");
                }
                join(sink, next.get().table(), durable);
                return true;
            }
            Batch batch = portion.batch();
            if (batch == null) {
                if (open) {
                    continue; // the rest of the transaction is still to come
                }
                return true;
            }
            Optional<WriteResult> result =
                    sink.catchUp(next.get().table(), parts.parking().withoutWaiting(batch));
            if (result.isEmpty()) {
                parts.log()
                        .warn(
                                "{}: {} is held back once more: {}",
                                parts.pipeline(),
                                next.get().table(),
                                reason(sink, next.get().table()));
                close();
                return true;
            }
            told(portion);
            if (result.get() == WriteResult.DURABLE) {
                return true;
            }
            open = true;
        }
    }

    private static String reason(HoldingSink sink, TableId table) {
        return sink.held().stream()
                .filter(held -> held.table().equals(table))
                .map(held -> held.code() + ": " + held.reason())
                .findFirst()
                .orElse("");
    }

    private void told(Portion portion) {
        long now = Micros.of(parts.clock().instant());
        portion.shares()
                .forEach((of, share) ->
                        parts.listener().applied(of, share.events(), Math.max(0, now - share.oldestCommitMicros())));
    }

    private void join(HoldingSink sink, TableId joining, long durable) throws SinkException {
        sink.join(joining, durable);
        parts.log()
                .info(
                        "{}: {} has caught up at frame {} and goes on with the others",
                        parts.pipeline(),
                        joining,
                        durable);
        close();
    }

    private PortionReader reader(HeldTable held) throws JournalException {
        PortionReader current = reader;
        if (current != null && held.table().equals(table)) {
            return current;
        }
        close();
        PortionReader opened = new PortionReader(
                parts.journal().reader(held.after(), held.table()::equals),
                held.after(),
                parts.journal(),
                parts.settings(),
                new BatchReach(1));
        reader = opened;
        table = held.table();
        parts.log().info("{}: {} catches up behind frame {}", parts.pipeline(), held.table(), held.after());
        return opened;
    }

    /** Forgets where it was: the next step begins where the target says. */
    void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        table = null;
    }
}
