package dev.tailrace.demo;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final String SNAPSHOT_ID = ".*-s[0-9]+-[0-9a-f]{16}";

    private final EmbeddedServer server;
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

    public Judge(EmbeddedServer server, AgentFiles files, Truth truth, Receiver receiver) {
        this.server = server;
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
        try (Connection connection = source().getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + Shop.GIFT_CARDS + " VALUES (?, 1, true, NULL)")) {
            insert.setString(1, code);
            insert.executeUpdate();
        }
        truth.read();
        try {
            Await.until("the last change has reached every target", atMost, () -> {
                alive.holds();
                return hasRow(code) && truth.compare(streamed(receiver.ids())).isEmpty() && archiveIsComplete();
            });
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private boolean archiveIsComplete() throws SQLException {
        try {
            return truth.compare(streamed(new Archive(files.archive()).ids().all()))
                    .isEmpty();
        } catch (IOException e) {
            return false; // written to while it was read: look again
        }
    }

    private boolean hasRow(String code) throws SQLException {
        try (Connection connection = target().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet exists = statement.executeQuery(
                    "SELECT to_regclass('" + Shop.GIFT_CARDS.replace("'", "''") + "') IS NOT NULL")) {
                if (!exists.next() || !exists.getBoolean(1)) {
                    return false;
                }
            }
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT 1 FROM " + Shop.GIFT_CARDS + " WHERE \"Code No.\" = ?")) {
                query.setString(1, code);
                try (ResultSet result = query.executeQuery()) {
                    return result.next();
                }
            }
        }
    }

    /** Judges the state as it is. The source must be at rest. */
    public Verdict judge() throws SQLException, IOException {
        truth.read();
        List<String> wrong = new ArrayList<>();
        Comparison.Result warehouse;
        try (Connection ours = source().getConnection();
                Connection theirs = target().getConnection()) {
            warehouse = new Comparison(ours, theirs).compare("public");
        }
        wrong.addAll(warehouse.listed());
        Archive.Ids archived = new Archive(files.archive()).ids();
        archived.repeated().forEach(id -> wrong.add("archive: twice: " + id));
        truth.compare(streamed(archived.all())).forEach(what -> wrong.add("archive: " + what));
        wrong.addAll(replay());

        Set<String> received = receiver.ids();
        truth.compare(streamed(received)).forEach(what -> wrong.add("receiver: " + what));
        receiver.violations(this::rank).forEach(what -> wrong.add("receiver: " + what));
        Map<String, Long> said = receiver.digests();
        new Archive(files.archive()).digests().forEach((id, digest) -> {
            if (!said.containsKey(id)) {
                wrong.add("receiver: lost, though archived: " + id);
            } else if (!said.get(id).equals(digest)) {
                wrong.add("receiver: says something else than the archive: " + id);
            }
        });
        return new Verdict(
                warehouse, truth.changes().size(), archived.lines(), receiver.deliveries(), received.size(), wrong);
    }

    private List<String> replay() throws SQLException, IOException {
        String scratch = "replay_" + files.name();
        server.createDatabase(scratch);
        try {
            List<String> wrong = new ArrayList<>();
            try (Connection connection = server.dataSource(scratch).getConnection();
                    Connection ours = source().getConnection()) {
                Shop.create(connection);
                wrong.addAll(new Archive(files.archive()).replay(connection));
                new Comparison(ours, connection)
                        .compare("public")
                        .listed()
                        .forEach(what -> wrong.add("archive replayed: " + what));
            }
            return wrong;
        } finally {
            server.dropDatabase(scratch);
        }
    }

    /** Rows of snapshots come before every streamed change. */
    private long rank(String id) {
        Truth.Change change = truth.changes().get(id);
        return change == null ? -1 : change.rank();
    }

    private static Set<String> streamed(Set<String> ids) {
        return ids.stream().filter(id -> !id.matches(SNAPSHOT_ID)).collect(Collectors.toCollection(HashSet::new));
    }

    private javax.sql.DataSource source() {
        return server.dataSource(files.source().database());
    }

    private javax.sql.DataSource target() {
        return server.dataSource(files.target().database());
    }
}
