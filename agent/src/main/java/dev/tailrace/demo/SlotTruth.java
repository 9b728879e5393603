package dev.tailrace.demo;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a PostgreSQL committed: a logical slot of its own, decoded by the server and read over SQL. The server may start
 * anew between two looks. One thread.
 */
final class SlotTruth extends Truth {
    private static final String PUBLICATION = "truth";

    private final Shop shop;
    private final String slot;
    private final Predicate<String> schemas;
    private final String source;
    private final Map<Long, String> tables = new HashMap<>();

    private SlotTruth(Shop shop, String slot, Predicate<String> schemas, String source) {
        this.shop = shop;
        this.slot = slot;
        this.schemas = schemas;
        this.source = source;
    }

    /**
     * Creates the slot: everything committed from here on is known.
     *
     * @param slot name of a slot that does not exist yet
     * @param schemas whose changes are wanted
     */
    static SlotTruth begin(Shop shop, String slot, Predicate<String> schemas) throws SQLException {
        try (Connection connection = shop.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = '" + PUBLICATION
                    + "') THEN CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES; END IF; END $$");
            try (PreparedStatement create =
                    connection.prepareStatement("SELECT pg_create_logical_replication_slot(?, 'pgoutput')")) {
                create.setString(1, slot);
                create.execute();
            }
            try (ResultSet result = statement.executeQuery("SELECT s.system_identifier, c.timeline_id"
                    + " FROM pg_control_system() s, pg_control_checkpoint() c")) {
                result.next();
                return new SlotTruth(shop, slot, schemas, "pg-" + result.getLong(1) + "-" + result.getLong(2));
            }
        }
    }

    @Override
    public void read() throws SQLException {
        try (Connection connection = shop.connect()) {
            connection.setAutoCommit(false);
            read(connection);
            connection.commit();
        }
    }

    private void read(Connection connection) throws SQLException {
        // Only the head of each message: what the row holds is compared elsewhere.
        try (PreparedStatement query = connection.prepareStatement("SELECT lsn - '0/0'::pg_lsn, substring(data for 256)"
                + " FROM pg_logical_slot_get_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', '"
                + PUBLICATION + "')")) {
            query.setFetchSize(5000);
            query.setString(1, slot);
            try (ResultSet result = query.executeQuery()) {
                Ordinals ordinals = new Ordinals();
                while (result.next()) {
                    take(
                            connection,
                            result.getBigDecimal(1).longValueExact(),
                            ByteBuffer.wrap(result.getBytes(2)),
                            ordinals);
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = shop.connect();
                PreparedStatement drop = connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
            drop.setString(1, slot);
            drop.execute();
        }
    }

    /** Numbers the changes that share a position; starts over with each transaction. */
    private static final class Ordinals {
        private long position = -1;
        private long next;

        void reset() {
            position = -1;
        }

        long at(long lsn) {
            next = lsn == position ? next + 1 : 0;
            position = lsn;
            return next;
        }
    }

    private void take(Connection connection, long lsn, ByteBuffer message, Ordinals ordinals) throws SQLException {
        char kind = (char) message.get();
        switch (kind) {
            case 'B' -> {
                ordinals.reset();
                beginTransaction();
            }
            case 'I', 'U', 'D' -> add(connection, lsn, kind, message.getInt(), ordinals);
            case 'T' -> {
                int relations = message.getInt();
                message.get(); // options
                for (int i = 0; i < relations; i++) {
                    add(connection, lsn, kind, message.getInt(), ordinals);
                }
            }
            default -> {
                // Relations, types and commits are no changes of rows.
            }
        }
    }

    private void add(Connection connection, long lsn, char operation, int relation, Ordinals ordinals)
            throws SQLException {
        String table = tableOf(connection, Integer.toUnsignedLong(relation));
        if (table.isEmpty()) {
            return;
        }
        String id = String.format(Locale.ROOT, "%s-%08x-%016x-%08x", source, 0, lsn, ordinals.at(lsn));
        add(id, table, operation);
    }

    /** The relation's name, empty when it is in a schema that nobody asked for. */
    private String tableOf(Connection connection, long oid) throws SQLException {
        String known = tables.get(oid);
        if (known != null) {
            return known;
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT relname, relnamespace::regnamespace::text FROM pg_class WHERE oid = ?::oid")) {
            query.setLong(1, oid);
            try (ResultSet result = query.executeQuery()) {
                String name = result.next() && schemas.test(result.getString(2)) ? result.getString(1) : "";
                tables.put(oid, name);
                return name;
            }
        }
    }
}
