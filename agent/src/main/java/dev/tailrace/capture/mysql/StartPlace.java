package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.journal.Tail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the log stood when an agent that takes no snapshot was started first. The start marker keeps it until the engine has
 * read the shapes of the tables: whatever ends the agent before that, the next start reads from there. The shapes that the
 * engine reads then are those of the place only while none has changed since.
 *
 * @param server uuid of the server whose log it is in
 * @param gtids executed there, null without GTIDs
 * @param shapes hash of the captured tables' columns there
 */
record StartPlace(
        String server, String file, long position, @Nullable String gtids, String shapes) {
    private static final String SERVER = "start_uuid";
    private static final String FILE = "start_file";
    private static final String POSITION = "start_pos";
    private static final String GTIDS = "start_gtids";
    private static final String SHAPES = "start_shapes";

    private static final int SYNTAX = 1064;
    private static final int TRIES = 10;

    private static final String COLUMNS =
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME,"
                    + " COLLATION_NAME, IS_NULLABLE, COLUMN_KEY, EXTRA FROM information_schema.COLUMNS"
                    + " WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
                    + " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";

    /** The place that the last start marker has, when the journal has none of its own yet. */
    static Optional<StartPlace> of(Tail tail) {
        Map<String, String> marker = tail.source();
        String server = marker.get(SERVER);
        String file = marker.get(FILE);
        String position = marker.get(POSITION);
        String shapes = marker.get(SHAPES);
        return tail.offset().isPresent() || server == null || file == null || position == null || shapes == null
                ? Optional.empty()
                : Optional.of(new StartPlace(server, file, Long.parseLong(position), marker.get(GTIDS), shapes));
    }

    Map<String, String> toMap() {
        Map<String, String> marker = new LinkedHashMap<>();
        marker.put(SERVER, server);
        marker.put(FILE, file);
        marker.put(POSITION, Long.toString(position));
        if (gtids != null) {
            marker.put(GTIDS, gtids);
        }
        marker.put(SHAPES, shapes);
        return marker;
    }

    SourceOffset offset(LogBirths births) {
        Map<String, Object> engine = new HashMap<>(Map.of(BinlogOffset.FILE, file, BinlogOffset.POSITION, position));
        if (gtids != null) {
            engine.put(BinlogOffset.GTIDS, gtids);
        }
        return BinlogOffset.of(MySqlState.source(server), engine, null, births);
    }

    static StartPlace read(Connection connection, MySqlSettings settings, MySqlState state) throws SQLException {
        Predicate<TableId> wanted = settings.common().wanted();
        String before = shapes(connection, wanted);
        for (int i = 0; i < TRIES; i++) {
            StartPlace place = here(connection, state, before);
            String after = shapes(connection, wanted);
            if (after.equals(before)) {
                return place;
            }
            before = after;
        }
        throw new SQLException("the captured tables change all the time; there is no place to begin at", "HY000");
    }

    private static StartPlace here(Connection connection, MySqlState state, String shapes) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = status(statement)) {
            if (!row.next()) {
                throw new SQLException("the server tells no place in its log", "HY000");
            }
            String gtids = state.gtidMode() ? row.getString(5).replaceAll("\\s", "") : null;
            return new StartPlace(state.uuid(), row.getString(1), row.getLong(2), gtids, shapes);
        }
    }

    private static ResultSet status(Statement statement) throws SQLException {
        try {
            return statement.executeQuery("SHOW BINARY LOG STATUS");
        } catch (SQLException e) {
            if (e.getErrorCode() == SYNTAX) {
                return statement.executeQuery("SHOW MASTER STATUS"); // before 8.2
            }
            throw e;
        }
    }

    /**
     * To be called when the engine has read the shapes.
     *
     * @throws RefusedEventException when they are not those of the place
     */
    void verify(MySqlSettings settings) throws SQLException, RefusedEventException {
        try (Connection connection = MySqlConnections.open(settings)) {
            if (!shapes(connection, settings.common().wanted()).equals(shapes)) {
                throw new RefusedEventException(
                        "SOURCE-START-SHAPES",
                        "source",
                        "the columns of captured tables have changed since the first start, at " + file + " position "
                                + position
                                + ", which ended before the journal had them: what was written since cannot be"
                                + " read",
                        "move the data directory away and start again: changes are captured from then on");
            }
        }
    }

    private static String shapes(Connection connection, Predicate<TableId> wanted) throws SQLException {
        MessageDigest hash = sha256();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(COLUMNS)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                if (wanted.test(new TableId(rows.getString(1), rows.getString(2)))) {
                    for (int i = 1; i <= columns; i++) {
                        hash.update((rows.getString(i) + "\0").getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
