package dev.tailrace.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shop in a database of a PostgreSQL server. Schemas whose names begin with {@code public_} belong to it, too, but for
 * what {@link #configuration} names.
 */
final class PostgresShop implements Shop {
    private static final Duration LEAVING = Duration.ofSeconds(60);

    private final EmbeddedServer server;
    private final String database;

    private PostgresShop(EmbeddedServer server, String database) {
        this.server = server;
        this.database = database;
    }

    static PostgresShop open(EmbeddedServer server, String database) throws SQLException {
        server.createDatabase(database);
        PostgresShop shop = new PostgresShop(server, database);
        shop.execute(Shop.script("shop-postgres.sql"));
        return shop;
    }

    @Override
    public String schema() {
        return "public";
    }

    @Override
    public Connection connect() throws SQLException {
        return server.dataSource(database).getConnection();
    }

    @Override
    public void stock(int customers, int products) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO customers (email, name, tags, profile, credit, born, photo, last_address, seen_at)"
                            + " SELECT 'c' || n || '@example.org', 'Customer ' || n || E' \\u00e9\\u4e16 ''\"\\\\', ARRAY['t' || n % 5, NULL, 'a,\"b\"'],"
                            + " jsonb_build_object('n', n, 'nothing', NULL, 'deep', jsonb_build_array(1.50, 'x')), n * 1.25,"
                            + " date '1970-01-01' + n, decode(md5(n::text), 'hex'), ('10.0.0.' || n % 250)::inet,"
                            + " timestamp '2024-02-29 23:59:59.999999' + n * interval '1 hour'"
                            + " FROM generate_series(1, " + customers + ") n");
            statement.execute(
                    "INSERT INTO products (sku, title, price, rating, weight, dimensions, warranty, description, manual)"
                            + " SELECT 'sku-' || n, 'Product ' || n, n * 0.99, CASE WHEN n % 7 = 0 THEN 'NaN' ELSE n / 3.0 END, n * 0.1,"
                            + " ARRAY[n, NULL, -n], n * interval '1 day 3.5 seconds',"
                            + " (SELECT string_agg(md5((n * 1000 + i)::text), '') FROM generate_series(1, 300) i),"
                            + " decode((SELECT string_agg(md5((n * 7000 + i)::text), '') FROM generate_series(1, 200) i), 'hex')"
                            + " FROM generate_series(1, " + products + ") n");
            statement.execute("INSERT INTO " + GIFT_CARDS + " SELECT 'card ' || n, n, n % 2 = 0, NULL"
                    + " FROM generate_series(1, " + customers + ") n");
            connection.commit();
        }
    }

    @Override
    public Shopper shopper(long seed, String lane, int bulk) throws SQLException {
        return new PostgresShopper(connect(), seed, lane, bulk);
    }

    @Override
    public Truth follow() throws SQLException {
        return SlotTruth.begin(
                this, "truth_" + database, name -> name.equals(schema()) || name.startsWith(schema() + "_"));
    }

    @Override
    public List<String> configuration() {
        return List.of(
                "type: postgres",
                "host: 127.0.0.1",
                "port: " + server.port(),
                "database: " + database,
                "user: " + EmbeddedServer.USER,
                "password: unused-here",
                "tables: [\"public.*\"]");
    }

    private static String slot(AgentFiles agent) {
        return "tailrace_" + agent.name();
    }

    @Override
    public boolean isFollowedBy(AgentFiles agent) throws SQLException {
        String active = "SELECT count(*) FROM pg_replication_slots"
                + " WHERE active AND confirmed_flush_lsn IS NOT NULL AND slot_name = ?";
        return "1".equals(one(active, slot(agent)));
    }

    @Override
    public @Nullable String sender(AgentFiles agent) throws SQLException {
        return one("SELECT active_pid FROM pg_replication_slots WHERE slot_name = ?", slot(agent));
    }

    @Override
    public void endSender(String sender) throws SQLException {
        if (!"t".equals(one("SELECT pg_terminate_backend(?::int)", sender))) {
            throw new SQLException("there is no walsender " + sender);
        }
    }

    @Override
    public long captured(AgentFiles agent) throws SQLException {
        String value = one(
                "SELECT confirmed_flush_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = ?",
                slot(agent));
        return value == null ? 0 : Long.parseLong(value);
    }

    @Override
    public long written() throws SQLException {
        return Long.parseLong(String.valueOf(one("SELECT pg_current_wal_flush_lsn() - ?::pg_lsn", "0/0")));
    }

    @Override
    public void forget(AgentFiles agent) throws Exception {
        Await.until(
                "the slot is free",
                LEAVING,
                () -> "0"
                        .equals(one(
                                "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = ?",
                                slot(agent))));
        one(
                "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = ?",
                slot(agent));
    }

    private @Nullable String one(String sql, String parameter) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            try (ResultSet result = query.executeQuery()) {
                return result.next() ? result.getString(1) : null;
            }
        }
    }

    @Override
    public TableReader tables(Connection connection) {
        return new PostgresTables(connection, schema());
    }

    @Override
    public ReplayTarget replayTarget(Connection connection) throws SQLException {
        return new PostgresReplayTarget(connection, schema());
    }

    @Override
    public void close() throws SQLException {
        server.dropDatabase(database);
    }
}
