/**
 * The HTTP sink: changes as CloudEvents, Debezium envelopes or plain rows, posted in batches over a few connections.
 *
 * <p>At least once: after a failure the pipeline hands a batch over again and the same requests are sent with the same
 * bytes and the same {@code webhook-id}; a receiver drops what it has seen by the id of the request or of each change.
 * Keeps I2 (durable means every request of the batch was answered with 2xx) and I3 (all changes of a key go through one
 * lane, one request at a time). Start at {@link dev.tailrace.sink.http.HttpSink}.
 */
@NullMarked
package dev.tailrace.sink.http;

import org.jspecify.annotations.NullMarked;
