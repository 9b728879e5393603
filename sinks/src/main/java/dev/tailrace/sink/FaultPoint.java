package dev.tailrace.sink;

/**
 * Where a test may kill the process inside a sink. The agent passes the real thing; a call costs one volatile read when
 * no fault is armed.
 */
@FunctionalInterface
public interface FaultPoint {
    /** Arms nothing. */
    FaultPoint NONE = name -> {};

    /** @param name {@code sink.<type>.<where>}, e.g. {@code sink.jdbc.before-commit}; listed in docs/invariants.md */
    void hit(String name);
}
