package dev.tailrace.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.Shop;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row that one target refuses by its key. It is written, changed, given another key and followed by another row of its
 * first key, while all the others go on; a change that came before its turn would show. When it was parked, and now and
 * then not before it is a dead letter, the target is mended and an operator tries it again from the command line, once. One
 * thread.
 */
final class Poison {
    private static final Duration BETWEEN = Duration.ofMillis(700);
    /** So many of its changes wait at least when it is tried again: their order would show. */
    private static final int BEHIND = 3;

    private static final String KEY = "poison ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TortureRig rig;
    private final String name;
    private final String sink;
    private final Target target;
    private final Random random;
    private final Deque<String> statements = new ArrayDeque<>();
    private String key = "";
    private int number;
    private boolean untilDead;
    private boolean mended;
    private boolean begun;
    private long next;
    private int dead;

    /** How a target is told what to refuse. */
    interface Target {
        /** @return whether it can refuse that now */
        boolean refuse(String key) throws SQLException;

        void mend() throws SQLException;
    }

    /**
     * @param name in its keys
     * @param sink name of the one that writes to the target
     */
    Poison(TortureRig rig, String name, String sink, Target target, long seed) {
        this.rig = rig;
        this.name = name;
        this.sink = sink;
        this.target = target;
        this.random = new Random(seed);
    }

    /** Poisons the next row; false when the target is not ready to refuse anything. */
    boolean begin() throws SQLException {
        key = KEY + name + " " + ++number;
        untilDead = random.nextInt(3) == 0;
        mended = false;
        begun = false;
        if (!target.refuse(key)) {
            return false;
        }
        String table = Shop.GIFT_CARDS;
        String moved = "'" + key + " moved'";
        String first = "'" + key + "'";
        statements.addAll(List.of(
                "INSERT INTO " + table + " VALUES (" + first + ", 1, true, NULL)",
                "UPDATE " + table + " SET \"from\" = 'second' WHERE \"Code No.\" = " + first,
                "UPDATE " + table + " SET \"Code No.\" = " + moved + " WHERE \"Code No.\" = " + first,
                "UPDATE " + table + " SET \"from\" = 'third' WHERE \"Code No.\" = " + moved,
                "INSERT INTO " + table + " VALUES (" + first + ", 2, false, 'another')",
                "DELETE FROM " + table + " WHERE \"Code No.\" = " + moved,
                "UPDATE " + table + " SET \"Größe\" = 3 WHERE \"Code No.\" = " + first));
        return true;
    }

    /** Writes the next statement, if it is time for one: the first at once, the others when that one waits. */
    void step() throws SQLException {
        if (!statements.isEmpty() && System.nanoTime() - next >= 0) {
            if (!begun || waits()) {
                begun |= write();
            }
            next = System.nanoTime() + BETWEEN.toNanos();
        }
    }

    /** Somebody may hold the table, a snapshot for example: then it is written later. */
    private boolean write() throws SQLException {
        try (Connection connection = rig.shop.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(rig.shapes.doNotWait());
            statement.execute(statements.getFirst());
            statements.removeFirst();
            return true;
        } catch (SQLException e) {
            if (!Shapes.mayPass(e)) {
                throw e;
            }
            return false;
        }
    }

    /** Mends the target when the poison has had its effect; false as long as it is not mended and tried again. */
    boolean heal() throws Exception {
        if (System.nanoTime() - next < 0) {
            return false;
        }
        next = System.nanoTime() + BETWEEN.toNanos();
        if (!mended && !isParked()) {
            return false;
        }
        if (!mended) {
            target.mend();
            mended = true;
        }
        while (!statements.isEmpty()) {
            if (!write()) {
                return false;
            }
        }
        return dlq("retry", "--sink", sink, "--reason", "mended") != null;
    }

    private boolean waits() {
        return rig.status().stream()
                .flatMap(status -> status.sinks().stream())
                .anyMatch(each -> each.name().equals(sink) && each.parkedKeys() > 0);
    }

    /** Whether its rows, and nothing else, wait; when that is wanted, behind a dead letter. */
    private boolean isParked() throws Exception {
        String listed = waits() ? dlq("list", "--waiting", "--json", "--sink", sink) : null;
        if (listed == null) {
            return false;
        }
        List<JsonNode> letters = new ArrayList<>();
        Set<String> others = new HashSet<>();
        for (JsonNode letter : JSON.readTree(listed).path("letters")) {
            String of = letter.at("/key/0").asText();
            boolean recovers = recovers(letter, others); // also the poisoned row, which others may wait behind
            if (!of.startsWith(KEY) && !recovers) {
                throw new AssertionError(sink + " has set aside what is not poisoned: " + letter);
            }
            if (of.startsWith(key)) { // and not what is left of the one before
                letters.add(letter);
            }
        }
        // a snapshot that starts over brings the row as it is by then, and what waited for it is forgotten
        boolean anew =
                !letters.isEmpty() && letters.get(0).at("/operation").asText().equals("read");
        if (letters.size() < (anew ? 1 : BEHIND)) {
            return false;
        }
        boolean isDead = letters.get(0).at("/state").asText().equals("dead");
        if (untilDead && !isDead) {
            return false;
        }
        dead += isDead ? 1 : 0;
        return true;
    }

    /**
     * A receiver that answers 500 to some requests and 200 to others, as it does while its trouble begins or ends, seems to
     * fail at single changes. These wait, with what is behind them, and are tried again by themselves; when it fails at all
     * by then, that is what they wait for.
     *
     * @param others names of such letters before it; gets this one's
     */
    private static boolean recovers(JsonNode letter, Set<String> others) {
        return (Set.of("HTTP-ERROR", "HTTP-UNAVAILABLE")
                                .contains(letter.at("/error/code").asText())
                        || others.contains(letter.path("waits_for").asText()))
                && others.add(letter.path("letter").asText());
    }

    /** What it printed; null when it could not read or write its file, which the agent may hold or lies on a full disk. */
    private @Nullable String dlq(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "dlq";
        System.arraycopy(words, 0, all, 1, words.length);
        AgentProcess.Ended ended = rig.agent.verb(all);
        if (ended.exitCode() != 0 && !ended.errors().contains("DEAD-LETTERS-IO")) {
            throw new AssertionError(
                    "dlq " + List.of(words) + " ended with " + ended.exitCode() + ": " + ended.errors());
        }
        return ended.exitCode() == 0 ? ended.printed() : null;
    }

    /** How many of its letters were dead before they were tried again. */
    int dead() {
        return dead;
    }
}
