package dev.tailrace.violations.pipeline;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Never run: read by the rules only. */
class Privileges {
    Thread newThread() {
        return new Thread("own");
    }

    Thread subclass() {
        return new Own();
    }

    ExecutorService pool() {
        return Executors.newCachedThreadPool();
    }

    void sleepByUnit() throws InterruptedException {
        TimeUnit.SECONDS.sleep(1);
    }

    void park() {
        LockSupport.parkNanos(1);
    }

    CompletableFuture<Void> async() {
        return CompletableFuture.runAsync(() -> {});
    }

    long parallel() {
        return List.of(1).parallelStream().count();
    }

    void exit() {
        System.exit(0);
    }

    void halt() {
        Runtime.getRuntime().halt(0);
    }

    void hook() {
        Runtime.getRuntime().addShutdownHook(newThread());
    }

    String environment() {
        return System.getenv("HOME");
    }

    long millis() {
        return System.currentTimeMillis();
    }

    Instant instant() {
        return Instant.now();
    }

    Date date() {
        return new Date();
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    LongSupplier byReference() {
        return System::currentTimeMillis;
    }

    LongSupplier nanosByReference() {
        return System::nanoTime;
    }

    static class Own extends Thread {}
}
