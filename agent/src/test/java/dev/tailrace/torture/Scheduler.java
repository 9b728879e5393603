package dev.tailrace.torture;

import dev.tailrace.demo.Await;
import dev.tailrace.lifecycle.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Draws one disturbance after another and ends each in its time. What is drawn, how long it lasts and how long nothing is
 * begun before it depends on the seed alone; when it really begins depends on the machine. One thread.
 */
final class Scheduler {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<Disturbance> table;
    private final Random random;
    private final LogWatch log;
    private final Pace pace;
    private final StopSignal never = new StopSignal();
    private final Map<Place, Running> running = new EnumMap<>(Place.class);
    private final Map<String, Integer> counts = new TreeMap<>();

    /**
     * @param gap the longest time between two beginnings
     * @param lasts the longest time of a disturbance
     */
    record Pace(Duration gap, Duration lasts) {}

    /** How long a disturbance may take to have its effect, after everything else was healed: a sink may be far behind. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private record Running(Disturbance disturbance, long end, LogWatch.Expectation expectation) {}

    private record Draw(Disturbance disturbance, Duration gap, Duration lasts) {}

    Scheduler(List<Disturbance> table, long seed, LogWatch log, Pace pace) {
        this.table = table;
        this.random = new Random(seed);
        this.log = log;
        this.pace = pace;
    }

    /**
     * Returns when the time is over and every disturbance is healed.
     *
     * @param between what else is done all the time; may throw to end it
     */
    void run(Duration time, Await.Condition between) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        Draw next = draw();
        long due = System.nanoTime() + next.gap.toNanos();
        while (System.nanoTime() - end < 0) {
            healDue();
            between.holds();
            if (System.nanoTime() - due >= 0 && !running.containsKey(next.disturbance.place())) {
                begin(next);
                next = draw();
                due = System.nanoTime() + next.gap.toNanos();
            }
            never.pause(LOOK);
        }
        healAll();
        Await.until("every disturbance has had its effect", PATIENCE, () -> between.holds() && healAll());
    }

    /** @return whether nothing is disturbed any more */
    private boolean healAll() throws Exception {
        for (Place place : Place.values()) {
            heal(place);
        }
        return running.isEmpty();
    }

    private Draw draw() {
        int left = random.nextInt(table.stream().mapToInt(Disturbance::weight).sum());
        Disturbance drawn = table.get(0);
        for (Disturbance disturbance : table) {
            left -= disturbance.weight();
            if (left < 0) {
                drawn = disturbance;
                break;
            }
        }
        return new Draw(drawn, part(pace.gap), part(pace.lasts));
    }

    /** Short times are more frequent than long ones. */
    private Duration part(Duration longest) {
        double share = random.nextDouble();
        return Duration.ofMillis((long) (longest.toMillis() * share * share));
    }

    private void begin(Draw draw) throws Exception {
        Disturbance disturbance = draw.disturbance;
        LogWatch.Expectation expectation = log.expect(disturbance.expected());
        System.out.println("  + " + disturbance.name());
        if (!disturbance.begin().run()) {
            expectation.end();
            return;
        }
        counts.merge(disturbance.name(), 1, Integer::sum);
        if (disturbance.heal() == null) {
            expectation.end();
        } else {
            running.put(
                    disturbance.place(),
                    new Running(disturbance, System.nanoTime() + draw.lasts.toNanos(), expectation));
        }
    }

    private void healDue() throws Exception {
        for (Running each : new ArrayList<>(running.values())) {
            if (System.nanoTime() - each.end >= 0) {
                heal(each.disturbance.place());
            }
        }
    }

    private void heal(Place place) throws Exception {
        Running healed = running.get(place);
        Disturbance.Attempt heal = healed == null ? null : healed.disturbance.heal();
        if (heal != null && heal.run()) {
            System.out.println("  - " + healed.disturbance.name());
            healed.expectation.end();
            running.remove(place);
        }
    }

    boolean isDisturbed(Place place) {
        return running.containsKey(place);
    }

    /** How often each was begun, by name. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** What lasts now. */
    List<String> present() {
        return running.values().stream().map(each -> each.disturbance.name()).toList();
    }
}
