package dev.tailrace.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Says whether all three targets of a shop are right: the JDBC target row by row, the archive by its ids and by its
 * replay, the receiver by its ids, by what they say in the archive, and by the order of each key. Expects what {@link Truth} says. One thread.
 */
public final class Judge {
    private final SourceServer server;
    private final Shop shop;
    private final Warehouse warehouse;
    private final AgentFiles files;
    private final Truth truth;
    private final Receiver receiver;
    private int marks;

    /**
     * The findings.
     *
     * @param warehouse source against JDBC target
     * @param changes committed by the source since {@link Truth} began
     * @param lines in the archive
     * @param deliveries that the receiver got, repeated ones included
     * @param received different ids that the receiver got
     * @param wrong everything that is not as it should be, names and keys only
     */
    public record Verdict(
            Comparison.Result warehouse, long changes, long lines, long deliveries, long received, List<String> wrong) {
        public Verdict {
            wrong = List.copyOf(wrong);
        }

        /** Differences in the JDBC target's rows and everything else that is wrong. */
        public long differences() {
            return wrong.size() - warehouse.listed().size() + warehouse.differences();
        }

        /** The one line for people. */
        public String summary() {
            return new Comparison.Result(warehouse.tables(), warehouse.rows(), differences(), wrong).summary();
        }
    }

    /** @param server with the shop; scratch shops are opened there */
    public Judge(
            SourceServer server, Shop shop, Warehouse warehouse, AgentFiles files, Truth truth, Receiver receiver) {
        this.server = server;
        this.shop = shop;
        this.warehouse = warehouse;
        this.files = files;
        this.truth = truth;
        this.receiver = receiver;
    }

    /**
     * Commits one last change and waits until all three targets have it, as they would for anybody. When the time is up
     * it returns all the same: the verdict then says what is missing.
     *
     * @param alive looked at all the time; may throw when waiting has no sense any more
     * @return whether all three have it
     */
    public boolean awaitLastChange(Duration atMost, Await.Condition alive) throws Exception {
        String code = "the last one " + ++marks;
        try (Connection connection = shop.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + Shop.GIFT_CARDS + " VALUES (?, 1, true, NULL)")) {
            insert.setString(1, code);
            insert.executeUpdate();
        }
        truth.read();
        try {
            Await.until("the last change has reached every target", atMost, () -> {
                alive.holds();
                return hasRow(code) && receiver.hasSeen(truth.last()) && filesAndReceiverAreComplete();
            });
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /**
     * The archive is written in order: with the newest change it has all there will be. The receiver's lanes run apart, and
     * one may not even have begun: only what the archive holds tells what it has to get.
     */
    private boolean filesAndReceiverAreComplete() throws SQLException {
        try {
            Set<String> owed = new Archive(files.archive()).owed();
            return owed.contains(truth.last()) && receiver.ids().containsAll(owed);
        } catch (IOException e) {
            return false; // written to while it was read: look again
        }
    }

    private boolean hasRow(String code) throws SQLException {
        try (Connection connection = warehouse.connect()) {
            return warehouse.has(connection, shop.schema(), Shop.GIFT_CARDS, "\"Code No.\"", code);
        }
    }

    /** Judges the state as it is. The source must be at rest. */
    public Verdict judge() throws Exception {
        truth.read();
        List<String> wrong = new ArrayList<>();
        Comparison.Result rows = compareWarehouse();
        wrong.addAll(rows.listed());
        Archive.Ids archived = new Archive(files.archive()).ids();
        archived.repeated().forEach(id -> wrong.add("archive: twice: " + id));
        wrong.addAll(complete("archive", archived.all()));
        wrong.addAll(inOrder("archive", archived.all()));
        wrong.addAll(replay());

        Set<String> received = receiver.ids();
        wrong.addAll(complete("receiver", received));
        receiver.violations(this::rank).forEach(what -> wrong.add("receiver: " + what));
        Map<String, Long> said = receiver.digests();
        Set<String> owed = new Archive(files.archive()).owed();
        new Archive(files.archive()).digests().forEach((id, digest) -> {
            if (!said.containsKey(id)) {
                if (owed.contains(id)) {
                    wrong.add("receiver: lost, though archived: " + id);
                }
            } else if (!said.get(id).equals(digest)) {
                wrong.add("receiver: says something else than the archive: " + id);
            }
        });
        return new Verdict(
                rows, truth.changes().size(), archived.lines(), receiver.deliveries(), received.size(), wrong);
    }

    /**
     * Judges which changes some target got, as the newest {@link Truth#read} has it.
     *
     * @param who it is, for the findings
     * @return everything that is lost or invented
     */
    public List<String> complete(String who, Set<String> ids) {
        return truth.compare(streamed(ids)).stream()
                .map(what -> who + ": " + what)
                .toList();
    }

    /**
     * Judges the order that some target has put changes into.
     *
     * @param ids in that order
     * @return those that stand behind a later one
     */
    public List<String> inOrder(String who, Collection<String> ids) {
        List<String> wrong = new ArrayList<>();
        long newest = -1;
        for (String id : ids) {
            long place = rank(id);
            if (place < newest) {
                wrong.add(who + ": out of the order of the commits: " + id);
            }
            newest = Math.max(newest, place);
        }
        return wrong;
    }

    /** Compares source and JDBC target row by row. The source must be at rest. */
    public Comparison.Result compareWarehouse() throws SQLException {
        try (Connection ours = shop.connect();
                Connection theirs = warehouse.connect()) {
            return new Comparison(shop.tables(ours), warehouse.tables(theirs, shop.schema())).compare();
        }
    }

    private List<String> replay() throws SQLException, IOException {
        try (Shop scratch = server.openShop("replay_" + files.name());
                Connection ours = shop.connect();
                Connection theirs = scratch.connect()) {
            List<String> wrong = new ArrayList<>(new Archive(files.archive()).replay(shop.schema(), scratch));
            new Comparison(shop.tables(ours), scratch.tables(theirs))
                    .compare()
                    .listed()
                    .forEach(what -> wrong.add("archive replayed: " + what));
            return wrong;
        }
    }

    /** Rows of snapshots come before every streamed change. */
    private long rank(String id) {
        Truth.Change change = truth.changes().get(id);
        return change == null ? -1 : change.rank();
    }

    private static Set<String> streamed(Set<String> ids) {
        return ids.stream().filter(id -> !Archive.isOfSnapshot(id)).collect(Collectors.toCollection(HashSet::new));
    }
}
