package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingPartsTest {
    private static final TableId ORDERS = new TableId("public", "orders");

    @Test
    void countsThePartsOfATransactionUntilItIsCleared() throws Exception {
        MemoryJournal journal = new MemoryJournal("j1");
        journal.part(ORDERS, 3, true, false);
        journal.part(ORDERS, 4, false, true);
        PipelineSettings settings = DeliveryRig.batchesOf(10);
        PortionReader reader =
                new PortionReader(journal.reader(0, table -> true), 0, journal, settings, new BatchReach(1));
        PendingParts pending = new PendingParts();
        assertThat(pending.isEmpty()).isTrue();
        Portion first = reader.next();
        Portion last = reader.next();
        pending.add(first);
        pending.add(last);
        assertThat(pending.isEmpty()).isFalse();
        assertThat(pending.events()).isEqualTo(7);
        long oldest = Math.min(first.oldestCommitMicros(), last.oldestCommitMicros());
        assertThat(pending.oldestCommitMicros()).isEqualTo(oldest);
        assertThat(pending.shares()).isEqualTo(Map.of(ORDERS, new Portion.Share(7, oldest)));
        pending.clear();
        assertThat(pending.isEmpty()).isTrue();
        assertThat(pending.events()).isZero();
    }
}
