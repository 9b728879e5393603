package dev.tailrace.view;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.SinkException;
import dev.tailrace.view.ViewSettings.Truncations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The views of all tables that one sink instance meets. Owned by the pipeline's thread. */
final class TableViews {
    static final String SETTINGS = "VIEW-SETTINGS";
    static final String TRUNCATE = "VIEW-TRUNCATE";
    private static final Logger log = LoggerFactory.getLogger(TableViews.class);

    private final ViewSettings settings;
    private final @Nullable MaskHash hash;
    private final Map<Integer, Known> known = new HashMap<>();
    /** Tables of which the rules were held against the newest shape: another shape may lack a column. */
    private final Set<TableId> checked = new HashSet<>();

    private long ignored;

    /** @param view null when the table is shown whole */
    private record Known(TableSchema source, @Nullable TableView view) {}

    TableViews(ViewSettings settings) {
        this.settings = settings;
        this.hash = settings.maskKey().map(MaskHash::new).orElse(null);
    }

    /** The shape that the sink is shown; from then on older shapes of that table need not have all columns. */
    TableSchema newest(TableSchema source) throws ViewProblem {
        TableView view = view(source);
        checked.add(source.table());
        return view == null ? source : view.shown();
    }

    private @Nullable TableView view(TableSchema source) throws ViewProblem {
        Known found = known.get(source.id());
        if (found != null && (found.source == source || found.source.sameShape(source))) {
            return found.view;
        }
        Optional<TableRules> rules = settings.rules(source.table());
        TableView view =
                rules.isPresent() ? TableView.of(source, rules.get(), hash, !checked.contains(source.table())) : null;
        known.put(source.id(), new Known(source, view));
        checked.add(source.table());
        return view;
    }

    static SinkException halt(ViewProblem problem) {
        return SinkException.halt(
                SETTINGS,
                String.valueOf(problem.getMessage()),
                "mend keys, columns or where of this sink in the configuration, then restart",
                problem);
    }

    /** The batch with the changes that the sink sees; a transaction may be left without any. */
    Batch of(Batch batch) throws SinkException {
        List<Transaction> shown = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            List<ChangeEvent> events = events(transaction);
            if (!events.isEmpty() || !transaction.isWhole()) {
                shown.add(transaction.with(events));
            }
        }
        return new Batch(shown.isEmpty() ? List.of(empty(batch)) : shown, batch.after(), batch.checkpoint());
    }

    /** The checkpoint moves although nothing is to be seen. */
    private static Transaction empty(Batch batch) {
        Transaction last = batch.transactions().get(batch.transactions().size() - 1);
        return Transaction.whole(last.id(), last.position(), last.commitMicros(), List.of());
    }

    private List<ChangeEvent> events(Transaction transaction) throws SinkException {
        List<ChangeEvent> shown = new ArrayList<>(transaction.events().size());
        for (ChangeEvent event : transaction.events()) {
            if (event.operation() == Operation.TRUNCATE && !passes(event)) {
                continue;
            }
            TableView view;
            try {
                view = view(event.schema());
            } catch (ViewProblem e) {
                throw halt(e);
            }
            if (view == null) {
                shown.add(event);
            } else {
                view.of(event).ifPresent(shown::add);
            }
        }
        return shown;
    }

    /** What a snapshot empties before it starts over is no truncation of the source: the rows come again. */
    private boolean passes(ChangeEvent event) throws SinkException {
        if (event.isSnapshot() || settings.truncations() == Truncations.APPLY) {
            return true;
        }
        if (settings.truncations() == Truncations.HALT) {
            throw SinkException.halt(
                    TRUNCATE,
                    "the source truncated " + event.table() + " (" + event.id() + "), and truncate is halt",
                    "to let it empty the target set truncate: apply, to keep the target's rows set truncate: ignore;"
                            + " then restart, and set it back when the sink is beyond it",
                    null);
        }
        ignored++;
        log.warn("truncation of {} ({}) is ignored, {} since this sink was opened", event.table(), event.id(), ignored);
        return false;
    }
}
