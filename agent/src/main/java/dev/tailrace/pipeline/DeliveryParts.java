package dev.tailrace.pipeline;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.Journal;
import dev.tailrace.lifecycle.Pacer;
import dev.tailrace.lifecycle.StopSignal;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.slf4j.Logger;

/** What a {@link Delivery} works with; put together by {@link Pipeline}. */
record DeliveryParts(
        PipelineSettings settings,
        SinkFactory.Definition definition,
        Predicate<TableId> tables,
        Journal journal,
        SinkContext context,
        Checkpoints checkpoints,
        RejectPolicy rejects,
        PipelineListener listener,
        InstantSource clock,
        Pacer pacer,
        StopSignal stop,
        Orders orders,
        ErrorEpisode episode,
        PipelineProgress progress,
        Logger log) {}
