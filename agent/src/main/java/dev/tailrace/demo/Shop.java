package dev.tailrace.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small shop's database on a {@link SourceServer}: seven tables with the types and names that go wrong elsewhere. Closing
 * it removes the database with whoever is connected to it. Any thread.
 */
public interface Shop extends AutoCloseable {
    /** The table whose name and columns need quoting everywhere. All connections take double quotes for names. */
    String GIFT_CARDS = "\"Gift Cards (für \"\"Alle\"\")\"";

    /** How many tables there are. */
    int TABLES = 7;

    /** The first part of its tables' names in events: the schema, in MySQL the database. */
    String schema();

    /** A session of the superuser in the shop's database. */
    Connection connect() throws SQLException;

    /** Puts in what the shop has before its first customer comes; one transaction. */
    void stock(int customers, int products) throws SQLException;

    /** Somebody who shops over a connection of their own; see {@link Shopper#Shopper}. */
    Shopper shopper(long seed, String lane, int bulk) throws SQLException;

    /** Begins to follow what the server commits in this shop, and closes with it. */
    Truth follow() throws SQLException;

    /** The lines of an agent's {@code source} mapping, without indentation. */
    List<String> configuration();

    /** Whether an agent follows the server's log. */
    boolean isFollowedBy(AgentFiles agent) throws SQLException;

    /** Which of the server's threads or processes sends the log to that agent; null when none does. */
    @Nullable
    String sender(AgentFiles agent) throws SQLException;

    /** Ends what {@link #sender} named; the agent's connection breaks. */
    void endSender(String sender) throws SQLException;

    /**
     * The newest place in the log that the agent has told to be safe, comparable with {@link #written}; 0 before the
     * first.
     */
    long captured(AgentFiles agent) throws SQLException;

    /** The end of the server's log. */
    long written() throws SQLException;

    /** Frees what the server keeps for an agent that is gone. */
    void forget(AgentFiles agent) throws Exception;

    /** Its tables as one side of a comparison. */
    TableReader tables(Connection connection);

    /** How the archive's lines get into tables of this kind of database. */
    ReplayTarget replayTarget(Connection connection) throws SQLException;

    /** One statement in a session of its own. */
    default void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    void close() throws SQLException;

    /** The head of a query that has a table {@code numbers} with a column {@code n} from 1. */
    static String numbers(int count) {
        return "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < " + count + ")";
    }

    /** A script that lies beside the classes. */
    static String script(String name) {
        try (InputStream in = Shop.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the distribution");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }
}
