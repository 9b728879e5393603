package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.Journal;
import dev.tailrace.lifecycle.Pacer;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;

/**
 * What a {@link Delivery} works with; put together by {@link Pipeline}.
 *
 * @param reading runs what reads ahead of the batch that is being written
 */
record DeliveryParts(
        PipelineSettings settings,
        SinkFactory.Definition definition,
        Predicate<TableId> tables,
        Journal journal,
        Executor reading,
        SinkContext context,
        Checkpoints checkpoints,
        Parking parking,
        PipelineListener listener,
        InstantSource clock,
        Pacer pacer,
        StopSignal stop,
        Orders orders,
        ErrorEpisode episode,
        PipelineProgress progress,
        Logger log) {

    /** {@code agent/sink}, as logs and checkpoints name it. */
    String pipeline() {
        return context.pipeline();
    }

    /** What a sink is told that is opened now: with the newest shapes of the tables it wants. */
    SinkContext contextNow() {
        return new SinkContext(
                context.agent(),
                context.sink(),
                context.journal(),
                context.epoch(),
                context.token(),
                context.dataDirectory(),
                journal.schemas().stream()
                        .filter(schema -> tables.test(schema.table()))
                        .toList(),
                context.faults());
    }
}
