package dev.tailrace.admin;

/** What the endpoint asks the agent for. Every method is called from the endpoint's threads and answers at once. */
public interface AdminView {

    /** Whether the thread that supervises the agent still turns; nothing else: a restart mends only that. */
    boolean alive();

    StatusReport status();

    /** All metrics in the Prometheus text format, version 0.0.4. */
    String metrics();

    /**
     * Lets a held table of a sink go on.
     *
     * @return whether there is such a sink that holds it
     */
    boolean approve(String sink, String table);
}
