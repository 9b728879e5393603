package dev.tailrace.bench;

import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.MysqlServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** MySQL with GTIDs, of the programs that {@code scripts/lib/mysql-server} knows or fetches. */
final class MySqlSource implements LoggedSource {
    private static final String DATABASE = "bench";
    private static final String TABLE = DATABASE + ".orders";

    /** Readers have numbers from here on, the agent's are ten digits long. */
    private static final int FIRST_READER = 100;

    private final MysqlServer server;
    private final Path histories;
    private int readers;

    private MySqlSource(MysqlServer server, Path histories) {
        this.server = server;
        this.histories = histories;
    }

    static MySqlSource start(Path directory) throws IOException, InterruptedException, SQLException {
        MysqlServer server = MysqlServer.prepare(
                home(),
                directory,
                "--server-id=1",
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
                // As PostgreSQL's here: no side pays for encryption, which both offer.
                "--tls-version=",
                // Only for the writing, which is not measured.
                "--sync-binlog=0",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=OFF",
                "--innodb-buffer-pool-size=512M",
                "--innodb-redo-log-capacity=1G");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "end MySQL"));
        server.start();
        try {
            MySqlSource source = new MySqlSource(server, Files.createDirectories(directory.resolve("histories")));
            source.execute("", "CREATE DATABASE " + DATABASE);
            source.execute(DATABASE, OrdersTable.CREATE_MYSQL);
            source.execute(DATABASE, OrdersTable.FILL_MYSQL);
            return source;
        } catch (SQLException e) {
            server.close();
            throw e;
        }
    }

    /** A measurement that is broken off leaves no server behind. */
    private static void end(MysqlServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The programs; the script fetches them when there are none. */
    private static Path home() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("tailrace.house", ".")).resolve("scripts/lib/mysql-server");
        Process process = new ProcessBuilder(script.toString())
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("there is no MySQL server; " + script + " says why");
        }
        return Path.of(said);
    }

    @Override
    public String agentSource() {
        return "  type: mysql\n  host: 127.0.0.1\n  port: " + server.port() + "\n  user: " + DatabaseServer.USER + "\n";
    }

    @Override
    public String table() {
        return TABLE;
    }

    @Override
    public void clear() throws SQLException {
        execute(DATABASE, "TRUNCATE orders");
    }

    @Override
    public Properties engine(String mark) {
        Properties options = new Properties();
        options.setProperty("connector.class", "io.debezium.connector.mysql.MySqlConnector");
        options.setProperty("database.hostname", "127.0.0.1");
        options.setProperty("database.port", Integer.toString(server.port()));
        options.setProperty("database.user", DatabaseServer.USER);
        options.setProperty("database.password", "");
        options.setProperty("database.server.id", Integer.toString(FIRST_READER + readers++));
        options.setProperty("table.include.list", TABLE);
        options.setProperty("snapshot.mode", "no_data");
        options.setProperty("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
        options.setProperty(
                "schema.history.internal.file.filename", history(mark).toString());
        return options;
    }

    private Path history(String mark) {
        return histories.resolve(mark);
    }

    /** The engine reads the shape of the table and leaves its place in its file. */
    @Override
    public void mark(String mark, Properties options) throws InterruptedException, IOException {
        EngineRunner.untilPlaced(options);
    }

    @Override
    public void write(long rows, long perTransaction) throws SQLException {
        execute(DATABASE, "CALL fill(" + rows + ", " + perTransaction + ")");
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM orders")) {
            count.next();
            if (count.getLong(1) != rows) {
                throw new IllegalStateException("the source holds " + count.getLong(1) + " rows instead of " + rows);
            }
        }
    }

    /** The server keeps nothing of a reader but its log. */
    @Override
    public void forget(Iterable<String> marks, Iterable<String> agents) throws IOException, SQLException {
        for (String mark : marks) {
            Files.deleteIfExists(history(mark));
        }
        execute(DATABASE, "FLUSH BINARY LOGS");
        execute(DATABASE, "PURGE BINARY LOGS BEFORE now() + INTERVAL 1 DAY");
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
