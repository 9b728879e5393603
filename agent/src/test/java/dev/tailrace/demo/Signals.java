package dev.tailrace.demo;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals to processes that Java cannot send. */
public final class Signals {
    private Signals() {}

    /** Freezes it until {@link #go}. */
    public static void stop(long pid) throws IOException, InterruptedException {
        send("-STOP", pid);
    }

    public static void go(long pid) throws IOException, InterruptedException {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
        if (!kill.waitFor(60, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill " + signal + " " + pid + " failed");
        }
    }
}
