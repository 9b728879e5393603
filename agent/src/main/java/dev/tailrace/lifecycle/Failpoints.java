package dev.tailrace.lifecycle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Named instructions at which a test holds or fails the process, so that a real SIGKILL hits a known window.
 *
 * <p>Armed by the system property {@code tailrace.failpoints}: {@code name=action[@count],...} where action is {@code
 * hold} (print {@code FAILPOINT name} to standard error and wait for the SIGKILL), {@code halt} (end at once without
 * shutdown hooks) or {@code throw} (an {@link IllegalStateException}), and count says at which hit it fires, from 1. A
 * process without the property pays one read of a final field.
 */
public final class Failpoints {
    private static final Map<String, Armed> ARMED = parse(System.getProperty("tailrace.failpoints", ""));

    private Failpoints() {}

    private record Armed(String action, int count, AtomicInteger hits) {}

    /** Does what is armed under that name, usually nothing. */
    public static void hit(String name) {
        if (ARMED.isEmpty()) {
            return;
        }
        Armed armed = ARMED.get(name);
        if (armed == null || armed.hits.incrementAndGet() != armed.count) {
            return;
        }
        System.err.println("FAILPOINT " + name);
        System.err.flush();
        switch (armed.action) {
            case "hold" -> {
                while (true) {
                    LockSupport.park();
                }
            }
            case "halt" -> Runtime.getRuntime().halt(137);
            default -> throw new IllegalStateException("fail-point " + name);
        }
    }

    private static Map<String, Armed> parse(String text) {
        Map<String, Armed> armed = new ConcurrentHashMap<>();
        for (String entry : text.split(",")) {
            if (entry.isBlank()) {
                continue;
            }
            String[] nameAndAction = entry.trim().split("=", 2);
            String[] actionAndCount = nameAndAction[1].split("@", 2);
            if (!actionAndCount[0].matches("hold|halt|throw")) {
                throw new IllegalArgumentException("tailrace.failpoints: unknown action in " + entry);
            }
            int count = actionAndCount.length == 2 ? Integer.parseInt(actionAndCount[1]) : 1;
            armed.put(nameAndAction[0], new Armed(actionAndCount[0], count, new AtomicInteger()));
        }
        return armed;
    }
}
