package dev.tailrace.torture;

import dev.tailrace.demo.Await;
import dev.tailrace.demo.Judge;
import dev.tailrace.demo.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** One round: a shop is open while everything is disturbed; then all rests, everything is healed, and is compared. One thread. */
final class Torture {
    private static final Duration PROGRESS = Duration.ofSeconds(30);
    private static final Duration OPERATOR = Duration.ofSeconds(3);
    private static final Duration DRAIN = Duration.ofMinutes(15);

    /** It stays so until the operator has approved, and is said at every start. */
    private static final String HELD = "is held back from frame";

    /** What this shop makes an agent say without any disturbance; on a slow machine its sinks are behind for long. */
    private static final List<String> ALWAYS = List.of("the target has no type", HELD, "JOURNAL-BUDGET-LOW");

    private final Plan plan;
    private final LogWatch log = new LogWatch();
    private final TortureRig rig;
    private final Scheduler scheduler;
    private final long begin = System.nanoTime();
    private long nextProgress = begin + PROGRESS.toNanos();
    private long nextOperator = begin;

    /**
     * What a round is.
     *
     * @param seed of the disturbances and the traffic
     * @param time how long the shop is open
     * @param pace of the disturbances
     * @param bulk rows of a large transaction of the shop
     * @param diskMegabytes of the file system for the agent's data
     * @param only disturbances whose names hold one of these texts; all when it is empty
     */
    record Plan(long seed, Duration time, Scheduler.Pace pace, int bulk, int diskMegabytes, List<String> only) {}

    /** @param text for people, several lines */
    record Verdict(String text, List<String> wrong) {}

    private Torture(Plan plan, TortureRig rig) {
        this.plan = plan;
        this.rig = rig;
        this.scheduler = new Scheduler(Troubles.of(rig, plan.only()), plan.seed(), log, plan.pace());
    }

    /** @param rig fresh, with an agent that was not started yet */
    static Verdict round(Plan plan, TortureRig rig) throws Exception {
        return new Torture(plan, rig).run();
    }

    private Verdict run() throws Exception {
        log.expect(ALWAYS);
        rig.start();
        Traffic.Plan load = Traffic.Plan.mixed(3, plan.seed(), Duration.ofMillis(30), plan.bulk())
                .acrossOutages();
        String transactions;
        long total;
        try (Traffic traffic = Traffic.start(rig.shop, "t", load)) {
            scheduler.run(plan.time(), () -> look(traffic));
            traffic.stop();
            transactions = traffic.tally().toString();
            total = traffic.tally().total();
        }
        rig.shapes.finish();
        System.out.println(elapsed() + " healed; waiting until everything has arrived");
        List<String> wrong = new ArrayList<>();
        drain(wrong);
        rig.stop();
        wrong.addAll(rig.letters());
        Judge.Verdict verdict = rig.judge.judge();
        wrong.addAll(verdict.wrong());
        long history = judgeHistory(wrong);
        wrong.addAll(rig.shapes.wrong(rig.warehouse));
        wrong.addAll(log.unexpected(rig.files.logs()));
        return new Verdict(text(verdict, total, transactions, history, wrong.size()), wrong);
    }

    /** Everything that goes on beside the disturbances. */
    private boolean look(Traffic traffic) throws Exception {
        if (traffic.hasEnded()) {
            traffic.stop();
            throw new AssertionError("the traffic ended by itself");
        }
        attend();
        if (scheduler.isDisturbed(Place.SHAPES)) {
            rig.shapes.step();
        }
        for (Poison poison : rig.poisons.values()) {
            poison.step();
        }
        if (System.nanoTime() - nextProgress >= 0) {
            nextProgress += PROGRESS.toNanos();
            System.out.println(elapsed() + " " + traffic.tally().total() + " transactions, "
                    + rig.receiver.deliveries() + " deliveries, "
                    + scheduler.counts().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum()
                    + " disturbances, " + rig.starts() + " starts; present: " + scheduler.present());
            requireSilence();
        }
        return true;
    }

    private void requireSilence() throws Exception {
        List<String> unexpected = log.unexpected(rig.files.logs());
        if (!unexpected.isEmpty()) {
            throw new AssertionError("the agent's log has what nothing explains:\n" + String.join("\n", unexpected));
        }
    }

    private boolean attend() throws Exception {
        rig.attend();
        if (System.nanoTime() - nextOperator >= 0 && !scheduler.isDisturbed(Place.AGENT)) {
            rig.operate(!scheduler.isDisturbed(Place.RECEIVER));
            nextOperator = System.nanoTime() + OPERATOR.toNanos();
        }
        return true;
    }

    /** First the snapshot, where it was interrupted to the end: the last change has to come behind it. */
    private void drain(List<String> wrong) throws Exception {
        awaitWell(wrong);
        if (!rig.judge.awaitLastChange(DRAIN, this::attend)) {
            wrong.add("not everything had arrived after " + DRAIN.toSeconds() + " s: " + rig.status());
        }
        awaitWell(wrong);
    }

    private void awaitWell(List<String> wrong) throws Exception {
        try {
            Await.until("the agent is well", DRAIN, () -> attend() && rig.retryDead() && rig.isWell());
        } catch (TimeoutException e) {
            wrong.add(e.getMessage() + ": " + rig.status());
        }
    }

    /** Each table for itself: one that was held back is behind the others. */
    private long judgeHistory(List<String> wrong) throws Exception {
        Set<String> all = new HashSet<>();
        long rows = 0;
        for (Map.Entry<String, List<String>> table : rig.history.ids().entrySet()) {
            wrong.addAll(rig.judge.inOrder(table.getKey(), table.getValue()));
            rows += table.getValue().size();
            all.addAll(table.getValue());
        }
        if (all.size() != rows) {
            wrong.add("history: " + (rows - all.size()) + " changes stand there twice");
        }
        wrong.addAll(rig.judge.complete("history", all));
        return rows;
    }

    private String text(Judge.Verdict verdict, long total, String transactions, long history, int wrong) {
        String counts = scheduler.counts().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return "seed " + plan.seed() + ", source " + rig.source.title() + ", "
                + plan.time().toSeconds() + " s, " + elapsed()
                + " with healing and comparing\n"
                + "disturbances: " + counts + (rig.disk == null ? " (no file system of its own: no full disk)" : "")
                + (rig.clock == null ? " (no libfaketime: the clock was not set)" : "")
                + "\n"
                + "dead letters tried again: "
                + rig.poisons.values().stream().mapToInt(Poison::dead).sum() + "\n"
                + "agent: " + rig.starts() + " starts, " + rig.resumed() + " resumes of a halted sink\n"
                + "traffic: " + total + " transactions (" + transactions + "), " + verdict.changes() + " changes\n"
                + "warehouse: " + verdict.warehouse().summary() + "\n"
                + "history: " + history + " rows; files: " + verdict.lines() + " lines; HTTP: " + verdict.received()
                + " ids in " + verdict.deliveries() + " deliveries (" + (verdict.deliveries() - verdict.received())
                + " repeated)\n"
                + (wrong == 0 ? "VERDICT: nothing wrong" : "VERDICT: " + wrong + " WRONG");
    }

    private String elapsed() {
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
