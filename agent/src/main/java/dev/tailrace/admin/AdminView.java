package dev.tailrace.admin;

/** What the endpoint asks the agent for. Every method is called from the endpoint's threads and answers at once. */
public interface AdminView {

    /** Whether the thread that supervises the agent still turns; nothing else: a restart mends only that. */
    boolean alive();

    StatusReport status();

    /** All metrics in the Prometheus text format, version 0.0.4. */
    String metrics();

    /** Lets a held table of a sink go on. */
    Approval approve(String sink, String table);

    /** What became of an approval. */
    enum Approval {
        GIVEN,
        /** There is no such sink, or it does not hold the table. */
        NOT_HELD,
        /** The sink was not opened since the start: the target knows what it holds, and nobody here. */
        UNKNOWN
    }
}
