package dev.tailrace.demo;

import dev.tailrace.admin.AdminClient;
import dev.tailrace.admin.AdminException;
import dev.tailrace.admin.AdminSettings;
import dev.tailrace.admin.StatusReport;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A shop in a database of a MySQL server, with a user of the same name for the agent. Databases whose names begin with the
 * shop's name and {@code _} belong to it, too.
 */
final class MySqlShop implements Shop {
    /** A file of the log has fewer bytes than this. */
    private static final long FILE = 1L << 40;

    private static final String PASSWORD = "a shopkeeper's";

    private final MySqlSourceServer server;
    private final String database;

    private MySqlShop(MySqlSourceServer server, String database) {
        this.server = server;
        this.database = database;
    }

    static MySqlShop open(MySqlSourceServer server, String database) throws SQLException {
        MySqlShop shop = new MySqlShop(server, database);
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
            statement.execute("CREATE USER '" + database + "'@'%' IDENTIFIED BY '" + PASSWORD.replace("'", "''") + "'");
            statement.execute("GRANT REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO '" + database + "'@'%'");
            statement.execute("GRANT SELECT ON `" + database + "%`.* TO '" + database + "'@'%'");
        }
        try (Connection connection = shop.connect();
                Statement statement = connection.createStatement()) {
            for (String part : Shop.script("shop-mysql.sql").split(";\\s*\n")) {
                if (!part.isBlank()) {
                    statement.execute(part);
                }
            }
        }
        return shop;
    }

    @Override
    public String schema() {
        return database;
    }

    @Override
    public Connection connect() throws SQLException {
        return server.connect(database);
    }

    @Override
    public void stock(int customers, int products) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO customers (email, name, tags, profile, credit, born, photo, last_address, seen_at) "
                            + Shop.numbers(customers)
                            + " SELECT concat('c', n, '@example.org'), concat('Customer ', n, ' é世 ''\"\\\\'), elt(1 + n % 3, 'new', '', 'new,Ärger'),"
                            + " json_object('n', n, 'nothing', NULL, 'deep', json_array(1.50, 'x', cast('2024-02-29' as date))), n * 1.25,"
                            + " date_add('1970-01-01', INTERVAL n DAY), unhex(sha2(n, 256)), inet6_aton(concat('10.0.0.', n % 250)),"
                            + " date_add('2024-02-29 23:59:59.999999', INTERVAL n HOUR) FROM numbers");
            statement.execute(
                    "INSERT INTO products (sku, title, price, rating, weight, dimensions, flags, vintage, shipping, maker,"
                            + " description, manual) "
                            + Shop.numbers(products)
                            + " SELECT concat('sku-', n), concat('Product ', n), n * 0.99, n / 3.0, n * 0.1, json_array(n, NULL, -n),"
                            + " n % 4096, 1900 + n, sec_to_time(n * 7.125), concat('Müller & Söhne ', n),"
                            + " repeat(sha2(n * 1000, 256), 300), unhex(repeat(sha2(n * 7000, 256), 200)) FROM numbers");
            statement.execute("INSERT INTO " + GIFT_CARDS + " " + Shop.numbers(customers)
                    + " SELECT concat('card ', n), n, n % 2 = 0, NULL FROM numbers");
            connection.commit();
        }
    }

    @Override
    public Shopper shopper(long seed, String lane, int bulk) throws SQLException {
        return new MySqlShopper(connect(), seed, lane, bulk);
    }

    @Override
    public Truth follow() throws SQLException {
        try {
            return BinlogTruth.begin(
                    connect(), server.data(), name -> name.equals(database) || name.startsWith(database + "_"));
        } catch (IOException e) {
            throw new SQLException("the server's log cannot be read", e);
        }
    }

    @Override
    public List<String> configuration() {
        return List.of(
                "type: mysql",
                "host: 127.0.0.1",
                "port: " + server.port(),
                "user: " + database,
                "password: \"" + PASSWORD + "\"",
                "tables: [\"" + database + ".*\", \"" + database + "_*.*\"]");
    }

    @Override
    public boolean isFollowedBy(AgentFiles agent) {
        return status(agent).map(status -> status.state().equals("streaming")).orElse(false);
    }

    private static Optional<StatusReport.SourcePart> status(AgentFiles agent) {
        try {
            return Optional.of(AdminClient.status(new AdminSettings("127.0.0.1", agent.adminPort(), Optional.empty()))
                    .source());
        } catch (AdminException e) {
            return Optional.empty(); // it has not started to answer yet, or has died
        }
    }

    @Override
    public @Nullable String sender(AgentFiles agent) throws SQLException {
        return one(
                "SELECT max(ID) FROM performance_schema.processlist WHERE USER = ? AND COMMAND LIKE 'Binlog Dump%'",
                database);
    }

    @Override
    public void endSender(String sender) throws SQLException {
        execute("KILL " + sender);
    }

    @Override
    public long captured(AgentFiles agent) {
        String position = status(agent).map(StatusReport.SourcePart::position).orElse("");
        int colon = position.indexOf(':');
        return colon < 0
                ? 0
                : Long.parseLong(position.substring(0, colon)) * FILE + Long.parseLong(position.substring(colon + 1));
    }

    @Override
    public long written() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW BINARY LOG STATUS")) {
            result.next();
            String file = result.getString(1);
            return Long.parseLong(file.substring(file.lastIndexOf('.') + 1)) * FILE + result.getLong(2);
        }
    }

    @Override
    public void forget(AgentFiles agent) {
        // the server keeps nothing for it
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
        return new MySqlTables(connection, database);
    }

    @Override
    public ReplayTarget replayTarget(Connection connection) {
        return new MySqlReplayTarget(connection, database);
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + database);
            statement.execute("DROP USER '" + database + "'@'%'");
        }
    }
}
