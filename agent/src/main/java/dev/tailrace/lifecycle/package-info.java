/**
 * Threads, waiting and stopping: every thread of the agent is a {@link dev.tailrace.lifecycle.Worker} under one {@link
 * dev.tailrace.lifecycle.WorkerRunner} that owns its name, its failure, its interrupt and its bounded close.
 *
 * <p>Start at {@link dev.tailrace.lifecycle.WorkerRunner}; whatever is stopped is stopped through {@link
 * dev.tailrace.lifecycle.Shutdown}. A leaf. The only room that starts threads or sleeps.
 */
@NullMarked
package dev.tailrace.lifecycle;

import org.jspecify.annotations.NullMarked;
