package dev.tailrace.demo;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.tailrace.server.DatabaseServer;
import dev.tailrace.server.MysqlServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A MySQL server of our own with a binary log of rows, below one directory. Any thread, but for starts and ends. */
public final class MySqlSourceServer implements SourceServer {
    /** Values beyond what a statement may be by default travel, too. */
    private static final String PACKET = "--max-allowed-packet=1G";

    private final MysqlServer server;
    private final Path directory;
    private final boolean gtid;

    private MySqlSourceServer(MysqlServer server, Path directory, boolean gtid) {
        this.server = server;
        this.directory = directory;
        this.gtid = gtid;
    }

    /**
     * Starts the server; some seconds the first time.
     *
     * @param home of the programs, as {@code scripts/lib/mysql-server} prints it
     * @param gtid whether transactions have global ids
     */
    public static MySqlSourceServer start(Path home, Path directory, boolean gtid) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-row-image=FULL",
                "--character-set-server=utf8mb4",
                "--max-connections=200",
                PACKET,
                // A commit survives kill -9, not a loss of power; it is quicker that way.
                "--sync-binlog=0",
                "--innodb-flush-log-at-trx-commit=2"));
        if (gtid) {
            options.addAll(List.of("--gtid-mode=ON", "--enforce-gtid-consistency=ON"));
        }
        MysqlServer server = MysqlServer.prepare(home, directory, options.toArray(String[]::new));
        server.start();
        return new MySqlSourceServer(server, directory, gtid);
    }

    @Override
    public String title() {
        return "MySQL 9.7 " + (gtid ? "with GTIDs" : "without GTIDs");
    }

    @Override
    public int port() {
        return server.port();
    }

    Path data() {
        return directory.resolve("data");
    }

    @Override
    public Shop openShop(String name) throws SQLException {
        return MySqlShop.open(this, name);
    }

    /**
     * A session of the superuser, in UTC, with double quotes for names.
     *
     * @param database empty for none
     */
    Connection connect(String database) throws SQLException {
        MysqlDataSource source = new MysqlDataSource();
        source.setUrl(server.url(database)
                + "?sslMode=DISABLED&characterEncoding=UTF-8&connectionTimeZone=UTC&yearIsDateType=false&tinyInt1isBit=false"
                + "&sessionVariables=time_zone='%2B00:00',transaction_isolation='READ-COMMITTED',cte_max_recursion_depth=10000000,"
                + "sql_mode='ANSI_QUOTES,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'");
        source.setUser(DatabaseServer.USER);
        source.setPassword("");
        return source.getConnection();
    }

    /** Begins a new file of the log. */
    public void rotateLog() throws SQLException {
        execute("FLUSH BINARY LOGS");
    }

    /** Deletes every file of the log but the one that is written to. */
    public void purgeLog() throws SQLException {
        execute("FLUSH BINARY LOGS");
        execute("PURGE BINARY LOGS BEFORE now() + INTERVAL 1 DAY");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect("");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void restart() throws IOException {
        server.restart();
    }

    @Override
    public void crash() throws IOException {
        server.kill();
        server.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
