package dev.tailrace.demo;

import dev.tailrace.lifecycle.Worker;
import dev.tailrace.lifecycle.WorkerRunner;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Several shoppers at once, each on a connection and a thread of its own, until closed or until each did its share. Any
 * thread.
 */
public final class Traffic implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Tally tally = new Tally();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<WorkerRunner> runners = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * What the shoppers do.
     *
     * @param shoppers connections at once
     * @param seed decides what each does; the order among them is left to the scheduler
     * @param steps how many errands each does; {@link Long#MAX_VALUE} until closed
     * @param pause after each errand
     * @param bulk rows of a large transaction
     * @param kinds the errands that are done, by their weights
     * @param patient whether a shopper whose connection breaks comes back until the server is there again; else the
     *     traffic fails
     */
    public record Plan(
            int shoppers, long seed, long steps, Duration pause, int bulk, Set<Errand> kinds, boolean patient) {
        /** Every kind of errand, until closed. */
        public static Plan mixed(int shoppers, long seed, Duration pause, int bulk) {
            return new Plan(shoppers, seed, Long.MAX_VALUE, pause, bulk, EnumSet.allOf(Errand.class), false);
        }

        /** The same, with these errands alone. */
        public Plan only(Errand first, Errand... others) {
            return new Plan(shoppers, seed, steps, pause, bulk, EnumSet.of(first, others), patient);
        }

        /** The same, but each shopper goes home after that many errands. */
        public Plan times(long each) {
            return new Plan(shoppers, seed, each, pause, bulk, kinds, patient);
        }

        /** The same, but a server that goes and comes back is no failure. */
        public Plan acrossOutages() {
            return new Plan(shoppers, seed, steps, pause, bulk, kinds, true);
        }
    }

    private Traffic() {}

    /**
     * Opens the connections and begins.
     *
     * @param name distinguishes this traffic's keys and threads from those of other traffic in the same database
     */
    public static Traffic start(Shop shop, String name, Plan plan) throws SQLException {
        Traffic traffic = new Traffic();
        try {
            for (int i = 0; i < plan.shoppers(); i++) {
                String lane = name + i;
                Lane worker = new Lane(lane, shop, plan.seed() * 31 + i, plan, traffic.tally);
                traffic.lanes.add(worker);
                traffic.runners.add(new WorkerRunner(
                        worker, plan.pause(), (role, cause) -> traffic.failure.compareAndSet(null, cause)));
            }
        } catch (SQLException e) {
            traffic.close();
            throw e;
        }
        traffic.runners.forEach(WorkerRunner::start);
        return traffic;
    }

    public Tally tally() {
        return tally;
    }

    /** Whether every shopper has done its share, or one has failed. */
    public boolean hasEnded() {
        return lanes.stream().allMatch(lane -> lane.done) || runners.stream().anyMatch(WorkerRunner::hasEnded);
    }

    /**
     * Ends the traffic; transactions under way are finished.
     *
     * @throws IllegalStateException when a shopper had failed or does not stop
     */
    public void stop() {
        close();
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the shop's traffic failed: " + cause.getMessage(), cause);
        }
        if (!runners.stream().allMatch(WorkerRunner::hasEnded)) {
            throw new IllegalStateException("a shopper did not stop within " + STOP);
        }
    }

    @Override
    public void close() {
        runners.forEach(runner -> runner.stopSignal().raise());
        runners.forEach(runner -> runner.close(STOP));
    }

    /** One shopper's duty cycle. */
    private static final class Lane implements Worker {
        private final String name;
        private final Shop shop;
        private final long seed;
        private final Plan plan;
        private final Tally tally;
        private Shopper shopper;
        private volatile boolean done;
        private long steps;
        private int visits;

        Lane(String name, Shop shop, long seed, Plan plan, Tally tally) throws SQLException {
            this.name = name;
            this.shop = shop;
            this.seed = seed;
            this.plan = plan;
            this.tally = tally;
            this.shopper = shop.shopper(seed, name, plan.bulk());
        }

        @Override
        public String roleName() {
            return "shopper " + name;
        }

        @Override
        public boolean doWork() throws SQLException {
            if (steps >= plan.steps()) {
                done = true;
                return false;
            }
            steps++;
            try {
                tally.add(shopper.step(plan.kinds()));
            } catch (SQLException e) {
                if (plan.patient() && isOutage(e)) {
                    tally.addRefused();
                    comeBack();
                    return false;
                }
                if (e.getSQLState() == null || !e.getSQLState().startsWith("40")) {
                    throw e;
                }
                tally.addRefused(); // a deadlock among shoppers: the loser goes home
            }
            return plan.pause().isZero();
        }

        /** The connection is gone, or the server is going. */
        private static boolean isOutage(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            return state.startsWith("08")
                    || state.startsWith("57P")
                    || state.equals("70100") // MySQL ends what runs when it shuts down
                    || e instanceof SQLNonTransientConnectionException;
        }

        /** With other keys, because it is not known whether the last ones were taken. */
        private void comeBack() throws SQLException {
            try {
                Shopper next = shop.shopper(seed + 1000L * ++visits, name + "v" + visits + "-", plan.bulk());
                shopper.close();
                shopper = next;
            } catch (SQLException e) {
                if (!isOutage(e)) {
                    throw e;
                }
                // still away: the next errand fails and brings it here again
            }
        }

        @Override
        public void onClose() {
            try {
                shopper.close();
            } catch (SQLException e) {
                throw new IllegalStateException("a shopper's connection cannot be closed", e);
            }
        }
    }
}
