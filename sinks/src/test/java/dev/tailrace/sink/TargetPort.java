package dev.tailrace.sink;

import java.util.List;
import java.util.Set;

/**
 * A real target as {@link SinkContract} sees it: what it holds, and faults it can be told to show. One for each test.
 */
public interface TargetPort extends AutoCloseable {

    /** What can be scripted. A fault lasts until {@link #heal}. */
    enum Fault {
        /** The target cannot be reached or written at all. */
        DOWN,
        /** The target takes everything of the next write, and the sink does not learn of it. */
        LOST_ANSWER,
        /** The target takes a part of the next write and then fails. */
        PARTIAL,
        /** The target keeps the next write waiting; {@link #awaitHeld} returns once it does. */
        HOLD,
        /** The target refuses the data of the next write for good, and says so with the data in its message. */
        REJECT
    }

    /** How to reach this target. Used for several sinks one after the other. */
    SinkFactory.Definition definition();

    /** What an outside reader sees now. */
    Contents contents() throws Exception;

    /** The faults that {@link #script} understands. */
    Set<Fault> faults();

    void script(Fault fault) throws Exception;

    /** Returns when a write meets {@link Fault#HOLD}. */
    default void awaitHeld() throws Exception {
        throw new UnsupportedOperationException("this target does not hold writes");
    }

    void heal() throws Exception;

    /** Texts that no message may show: passwords, tokens. */
    default List<String> secrets() {
        return List.of();
    }

    @Override
    void close() throws Exception;
}
