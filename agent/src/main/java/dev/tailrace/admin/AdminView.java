package dev.tailrace.admin;

import java.io.IOException;

/** What the endpoint asks the agent for. Every method is called from the endpoint's threads and answers at once. */
public interface AdminView {

    /** Whether the thread that supervises the agent still turns; nothing else: a restart mends only that. */
    boolean alive();

    StatusReport status();

    /** All metrics in the Prometheus text format, version 0.0.4. */
    String metrics();

    /** Lets a held table of a sink go on. */
    Approval approve(String sink, String table, String operator);

    /**
     * Pauses or resumes a sink.
     *
     * @param operator who says so; nobody has proven it
     * @param reason as given; empty when none was
     * @return false when there is no such sink
     * @throws IOException when the order cannot be kept over a restart; then it is not carried out
     */
    boolean order(SinkOrder order, String sink, String operator, String reason) throws IOException;

    /** What became of an approval. */
    enum Approval {
        GIVEN,
        /** There is no such sink, or it does not hold the table. */
        NOT_HELD,
        /** The sink was not opened since the start: the target knows what it holds, and nobody here. */
        UNKNOWN
    }
}
