/**
 * What the agent shows of itself: the status report, the metrics and the HTTP endpoint that serves both.
 *
 * <p>Start at {@link dev.tailrace.admin.StatusReport}, the one shape behind {@code status --json}, {@code /api/status} and
 * the status page. An observer: nothing here changes what the agent does, and a slow or hostile client costs it two
 * threads at most. The only room that knows an HTTP server.
 */
@NullMarked
package dev.tailrace.admin;

import org.jspecify.annotations.NullMarked;
