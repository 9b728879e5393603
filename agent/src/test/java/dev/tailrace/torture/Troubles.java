package dev.tailrace.torture;

import dev.tailrace.demo.Signals;
import dev.tailrace.demo.SmallDisk;
import dev.tailrace.demo.SourceServer;
import dev.tailrace.demo.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to one rig: the table that the {@link Scheduler} draws from. */
final class Troubles {
    static final String FILLER = "somebody-else";

    private static final List<String> SOURCE_AWAY =
            List.of("SOURCE-UNREACHABLE", "SOURCE-FAILED", "SOURCE-ENGINE-FAILED", "SOURCE-SLOT-IN-USE");
    private static final List<String> TARGET_AWAY = List.of("JDBC-UNREACHABLE", "JDBC-BUSY");
    private static final List<String> RECEIVER_AWAY = List.of("HTTP-CONNECT", "HTTP-TIMEOUT", "HTTP-BROKEN");

    private static final List<String> SET_ASIDE = List.of(
            "is set aside, and later changes of its row wait",
            "waits for the tables that catch up",
            "is a dead letter after");

    private final TortureRig rig;
    private final List<Disturbance> table = new ArrayList<>();
    private @Nullable Connection lock;

    private Troubles(TortureRig rig) {
        this.rig = rig;
    }

    /** @param only those whose names hold one of these texts; all when there are none */
    static List<Disturbance> of(TortureRig rig, List<String> only) {
        Troubles troubles = new Troubles(rig);
        troubles.agent();
        troubles.source();
        troubles.target();
        troubles.receiver();
        troubles.disk();
        troubles.shapes();
        troubles.poisons();
        troubles.clock();
        return troubles.table.stream()
                .filter(each -> only.isEmpty()
                        || only.stream().anyMatch(text -> each.name().contains(text)))
                .toList();
    }

    private void agent() {
        table.add(Disturbance.lasting("kill -9", 5, Place.AGENT, rig::kill, rig::start, SOURCE_AWAY));
        table.add(Disturbance.lasting("SIGTERM", 2, Place.AGENT, rig::terminate, rig::startAgain, SOURCE_AWAY));
        List<String> slept = new ArrayList<>(SOURCE_AWAY);
        slept.addAll(TARGET_AWAY);
        slept.addAll(RECEIVER_AWAY);
        table.add(Disturbance.lasting(
                "SIGSTOP",
                2,
                Place.AGENT,
                () -> Signals.stop(rig.agent.pid()),
                () -> Signals.go(rig.agent.pid()),
                slept));
    }

    private void source() {
        table.add(restart("source restarts", Place.SOURCE, rig.source, false, SOURCE_AWAY));
        table.add(restart("source crashes", Place.SOURCE, rig.source, true, SOURCE_AWAY));
        table.add(Disturbance.moment("sender of the log killed", 3, Place.SOURCE, this::endSender, SOURCE_AWAY));
        List<String> silent = new ArrayList<>(SOURCE_AWAY);
        silent.add("SOURCE-STUCK");
        silent.add("the engine has waited for an answer");
        silent.add("the server's side of the connections");
        silent.add("the engine did not end within");
        link("source", Place.SOURCE_LINK, rig.sourceLink, silent);
    }

    private boolean endSender() throws SQLException {
        String sender = rig.shop.sender(rig.files);
        if (sender == null) {
            return false;
        }
        rig.shop.endSender(sender);
        return true;
    }

    private static Disturbance restart(
            String name, Place place, SourceServer server, boolean crash, List<String> expected) {
        return Disturbance.moment(
                name,
                1,
                place,
                () -> {
                    if (crash) {
                        server.crash();
                    } else {
                        server.restart();
                    }
                    return true;
                },
                expected);
    }

    private void link(String what, Place place, TcpProxy proxy, List<String> expected) {
        table.add(Disturbance.lasting(what + " refuses", 2, place, proxy::down, proxy::up, expected));
        table.add(Disturbance.moment(
                what + " resets connections",
                3,
                place,
                () -> {
                    proxy.reset();
                    return true;
                },
                expected));
        table.add(
                Disturbance.lasting(what + " is slow", 2, place, () -> proxy.slow(100, 2048), proxy::clear, expected));
        table.add(Disturbance.lasting(what + " stands still", 2, place, proxy::stall, proxy::clear, expected));
        table.add(Disturbance.lasting(what + " loses connections", 2, place, proxy::lose, proxy::clear, expected));
    }

    private void target() {
        table.add(restart("target restarts", Place.TARGET, rig.target, false, TARGET_AWAY));
        table.add(restart("target crashes", Place.TARGET, rig.target, true, TARGET_AWAY));
        table.add(Disturbance.moment("target's sessions killed", 3, Place.TARGET, this::endSessions, TARGET_AWAY));
        table.add(new Disturbance(
                "target's table locked", 2, Place.TARGET, this::lockTable, this::unlockTable, TARGET_AWAY));
        link("target", Place.TARGET_LINK, rig.targetLink, TARGET_AWAY);
    }

    /** Those in a transaction first. */
    private boolean endSessions() throws SQLException {
        try (Connection connection = rig.warehouse.connect();
                Statement statement = connection.createStatement()) {
            return statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY xact_start");
        }
    }

    private boolean lockTable() throws SQLException {
        Connection connection = rig.warehouse.connect();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET lock_timeout = '2s'");
            statement.execute("LOCK TABLE \"" + rig.shop.schema() + "\".orders IN ACCESS EXCLUSIVE MODE");
            lock = connection;
            return true;
        } catch (SQLException e) {
            connection.close(); // the table is not there yet, or somebody holds it who does not move
            return false;
        }
    }

    private boolean unlockTable() throws SQLException {
        if (lock != null) {
            lock.close();
        }
        return true;
    }

    private void receiver() {
        List<String> unavailable = new ArrayList<>(List.of("HTTP-UNAVAILABLE", "HTTP-THROTTLED"));
        unavailable.addAll(SET_ASIDE); // when it answers 500 to some only, as it begins and ends
        for (int status : new int[] {408, 425, 429, 500, 502, 503, 504}) {
            Map<String, String> headers = status == 429 || status == 503 ? Map.of("Retry-After", "2") : Map.of();
            table.add(receiver("receiver answers " + status, () -> rig.receiver.fail(status, headers), unavailable));
        }
        for (int status : new int[] {401, 403, 410}) {
            List<String> halted = List.of("HTTP-PERMISSION", "HTTP-GONE");
            table.add(receiver("receiver answers " + status, () -> rig.receiver.fail(status), halted));
        }
        table.add(receiver("receiver answers 413", () -> rig.receiver.limit(2), List.of()));
        table.add(receiver("receiver forgets to answer", rig.receiver::breakOff, RECEIVER_AWAY));
        table.add(receiver("receiver holds", rig.receiver::hold, RECEIVER_AWAY));
        table.add(receiver("receiver is slow", () -> rig.receiver.slow(Duration.ofMillis(300)), RECEIVER_AWAY));
        link("receiver", Place.RECEIVER_LINK, rig.receiverLink, RECEIVER_AWAY);
    }

    private Disturbance receiver(String name, Disturbance.Step begin, List<String> expected) {
        return Disturbance.lasting(name, 1, Place.RECEIVER, begin, rig.receiver::recover, expected);
    }

    private void disk() {
        SmallDisk disk = rig.disk;
        if (disk != null) {
            table.add(Disturbance.lasting(
                    "disk full",
                    2,
                    Place.DISK,
                    () -> disk.fill(FILLER),
                    () -> disk.free(FILLER),
                    List.of(
                            "JOURNAL-DISK-FULL",
                            "FILE-DISK-FULL",
                            "capture waits",
                            "PIPELINE-CHECKPOINT-IO",
                            "DEAD-LETTERS-IO",
                            "AGENT-ORDERS")));
        }
    }

    private void shapes() {
        table.add(new Disturbance(
                "tables change their shape",
                4,
                Place.SHAPES,
                rig.shapes::next,
                rig.shapes::finish,
                List.of("SOURCE-TABLE-CHANGED")));
    }

    private void poisons() {
        rig.poisons.forEach((status, poison) -> {
            List<String> expected = new ArrayList<>(SET_ASIDE);
            if (status == 500) {
                expected.add("HTTP-UNAVAILABLE");
            }
            table.add(new Disturbance(
                    status == 0 ? "poison for the warehouse" : "poison for the receiver, " + status,
                    status == 0 ? 4 : 2,
                    status == 0 ? Place.WAREHOUSE_ROW : Place.EVENTS_ROW,
                    poison::begin,
                    poison::heal,
                    expected));
        });
    }

    /** Each is set right again, so that every jump has one the other way. */
    private void clock() {
        AgentClock clock = rig.clock;
        if (clock != null) {
            for (Duration ahead : List.of(AgentClock.FAR, AgentClock.FAR.negated())) {
                table.add(Disturbance.lasting(
                        ahead.isNegative() ? "clock set back" : "clock set ahead",
                        1,
                        Place.CLOCK,
                        () -> clock.put(ahead),
                        () -> clock.put(Duration.ZERO),
                        List.of()));
            }
        }
    }
}
