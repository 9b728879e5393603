package dev.tailrace.sink.http;

import dev.tailrace.event.EventId;
import java.util.HashSet;
import java.util.Set;

/**
 * What is known of a receiver and outlives the sink, which is made anew after every failure.
 *
 * @param concurrency how much it takes at a time
 * @param delivered of the batch that is on its way, what was answered with 2xx: the rest comes again without that, so that
 *     a receiver that takes little at a time gets on; of the writing threads, one after the other
 */
record ReceiverMemory(Concurrency concurrency, Set<EventId> delivered) {
    ReceiverMemory(int connections) {
        this(new Concurrency(connections), new HashSet<>());
    }
}
