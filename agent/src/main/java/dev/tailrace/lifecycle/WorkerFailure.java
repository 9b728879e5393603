package dev.tailrace.lifecycle;

/** Where a {@link WorkerRunner} hands the failure that ended its worker. Called once, on the worker's thread. */
@FunctionalInterface
public interface WorkerFailure {
    void failed(String roleName, Throwable failure);
}
