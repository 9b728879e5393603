package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** PostgreSQL 18. */
final class PostgresSource implements LoggedSource {
    static final String DATABASE = "bench";
    static final String PUBLICATION = "bench_anchor";

    private final EmbeddedServer server;

    private PostgresSource(EmbeddedServer server) {
        this.server = server;
    }

    /** @param settings of the server, beside those that every measure needs */
    static PostgresSource start(Path directory, Map<String, String> settings) throws IOException, SQLException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("track_commit_timestamp", "on");
        EmbeddedServer server = EmbeddedServer.start(directory, all);
        try {
            server.createDatabase(DATABASE);
            PostgresSource source = new PostgresSource(server);
            source.execute(OrdersTable.CREATE);
            source.execute("CREATE PUBLICATION " + PUBLICATION + " FOR TABLE orders");
            // A transaction inside of a procedure commits without a message to the client and back.
            source.execute("CREATE PROCEDURE fill(total bigint, per bigint) LANGUAGE plpgsql AS $$"
                    + " DECLARE done bigint := 0; BEGIN WHILE done < total LOOP"
                    + " INSERT INTO orders SELECT * FROM order_rows(done + 1, least(done + per, total)); COMMIT;"
                    + " done := done + per; END LOOP; END $$");
            source.execute("CREATE PROCEDURE scatter(total bigint, per bigint, step bigint) LANGUAGE plpgsql AS $$"
                    + " DECLARE done bigint := 0; BEGIN WHILE done < total LOOP"
                    + " UPDATE orders SET status = 'sent', amount = amount + 0.01, note = 'later ' || note WHERE id IN"
                    + " (SELECT 1 + n * step % total FROM generate_series(done, done + per - 1) n); COMMIT;"
                    + " done := done + per; END LOOP; END $$");
            return source;
        } catch (SQLException e) {
            server.close();
            throw e;
        }
    }

    EmbeddedServer server() {
        return server;
    }

    @Override
    public String agentSource() {
        return "  type: postgres\n  host: 127.0.0.1\n  port: " + server.port() + "\n  database: " + DATABASE
                + "\n  user: " + EmbeddedServer.USER + "\n  password: unused-here\n";
    }

    @Override
    public String table() {
        return "public.orders";
    }

    @Override
    public void clear() throws SQLException {
        execute("TRUNCATE orders");
    }

    @Override
    public void mark(String mark, Properties options) throws SQLException {
        query("SELECT pg_create_logical_replication_slot(?, 'pgoutput')", mark);
    }

    @Override
    public Properties engine(String mark) {
        Properties options = new Properties();
        options.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        options.setProperty("database.hostname", "127.0.0.1");
        options.setProperty("database.port", Integer.toString(server.port()));
        options.setProperty("database.dbname", DATABASE);
        options.setProperty("database.user", EmbeddedServer.USER);
        options.setProperty("database.password", "unused-here");
        options.setProperty("plugin.name", "pgoutput");
        options.setProperty("slot.name", mark);
        options.setProperty("publication.name", PUBLICATION);
        options.setProperty("publication.autocreate.mode", "disabled");
        options.setProperty("table.include.list", "public.orders");
        options.setProperty("snapshot.mode", "no_data");
        return options;
    }

    @Override
    public void write(long rows, long perTransaction) throws SQLException {
        call("fill(" + rows + ", " + perTransaction + ")");
    }

    /** Changes every row that {@link #write} wrote once, in the order of {@link OrderRows#scattered}. */
    void update(long rows, long perTransaction) throws SQLException {
        call("scatter(" + rows + ", " + perTransaction + ", " + OrderRows.SCATTER + ")");
    }

    private void call(String procedure) throws SQLException {
        try (Connection connection = server.dataSource(DATABASE).getConnection();
                Statement statement = connection.createStatement()) {
            // Only for the writing, which is not measured.
            statement.execute("SET synchronous_commit = off");
            statement.execute("CALL " + procedure);
            statement.execute("CHECKPOINT");
        }
    }

    @Override
    public void forget(Iterable<String> marks, Iterable<String> agents) throws SQLException {
        for (String mark : marks) {
            drop(mark);
        }
        for (String agent : agents) {
            drop("tailrace_" + agent);
            execute("DROP PUBLICATION IF EXISTS tailrace_" + agent);
        }
        execute("CHECKPOINT");
    }

    private void drop(String slot) throws SQLException {
        // A reader that was told to go away may still hold it for a moment.
        query(
                "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots"
                        + " WHERE slot_name = ? AND active_pid IS NOT NULL",
                slot);
        query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?", slot);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = server.dataSource(DATABASE).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void query(String sql, String parameter) throws SQLException {
        try (Connection connection = server.dataSource(DATABASE).getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            statement.execute();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
