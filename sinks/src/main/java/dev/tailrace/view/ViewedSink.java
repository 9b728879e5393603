package dev.tailrace.view;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.HeldTable;
import dev.tailrace.sink.HoldingSink;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A sink that is shown a view of the source. */
class ViewedSink implements Sink {
    private final TableViews views;
    private final Sink sink;

    private ViewedSink(ViewSettings settings, Sink sink) {
        this.views = new TableViews(settings);
        this.sink = sink;
    }

    /** With the capabilities of the sink behind it. */
    static Sink of(ViewSettings settings, Sink sink) {
        if (sink instanceof HoldingSink holder) {
            return new Holding(settings, holder);
        }
        return sink instanceof CheckpointingSink keeper
                ? new Checkpointing(settings, keeper)
                : new ViewedSink(settings, sink);
    }

    @Override
    public void open(SinkContext context) throws SinkException {
        List<TableSchema> shown = new ArrayList<>();
        try {
            for (TableSchema table : context.tables()) {
                shown.add(views.newest(table));
            }
        } catch (ViewProblem e) {
            throw TableViews.halt(e);
        }
        sink.open(with(context, shown));
    }

    static SinkContext with(SinkContext context, List<TableSchema> tables) {
        return new SinkContext(
                context.agent(),
                context.sink(),
                context.journal(),
                context.epoch(),
                context.token(),
                context.dataDirectory(),
                tables,
                context.faults());
    }

    @Override
    public WriteResult write(Batch batch) throws SinkException {
        return sink.write(shown(batch));
    }

    Batch shown(Batch batch) throws SinkException {
        return views.of(batch);
    }

    @Override
    public void close() {
        sink.close();
    }

    private static class Checkpointing extends ViewedSink implements CheckpointingSink {
        private final CheckpointingSink keeper;

        private Checkpointing(ViewSettings settings, CheckpointingSink keeper) {
            super(settings, keeper);
            this.keeper = keeper;
        }

        @Override
        public Optional<Checkpoint> checkpoint() throws SinkException {
            return keeper.checkpoint();
        }

        @Override
        public void redrive(String token, Batch batch) throws SinkException {
            keeper.redrive(token, shown(batch));
        }

        @Override
        public String redriven() {
            return keeper.redriven();
        }
    }

    private static final class Holding extends Checkpointing implements HoldingSink {
        private final HoldingSink holder;

        private Holding(ViewSettings settings, HoldingSink holder) {
            super(settings, holder);
            this.holder = holder;
        }

        @Override
        public List<HeldTable> held() {
            return holder.held();
        }

        @Override
        public void approve(TableId table) throws SinkException {
            holder.approve(table);
        }

        @Override
        public Optional<WriteResult> catchUp(TableId table, Batch batch) throws SinkException {
            return holder.catchUp(table, shown(batch));
        }

        @Override
        public void join(TableId table, long upTo) throws SinkException {
            holder.join(table, upTo);
        }
    }
}
