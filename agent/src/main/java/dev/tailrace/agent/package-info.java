/**
 * The composition root: reads the whole configuration and puts journal, capture, pipelines and admin endpoint together.
 *
 * <p>Start at {@link dev.tailrace.agent.Agent}; {@link dev.tailrace.agent.AgentConfiguration} is what it is made from. The
 * only room that sees both capture and pipeline. Keeps I6 (the data directory is claimed before anything else and given
 * up last) and I4 (every sink's hold is registered before anything may be deleted from the journal).
 */
@NullMarked
package dev.tailrace.agent;

import org.jspecify.annotations.NullMarked;
