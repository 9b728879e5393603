package dev.tailrace.bench;

import dev.tailrace.demo.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code pg_recvlogical}, PostgreSQL's own program, which receives the same messages and throws them away: what the server
 * can give at most.
 */
final class LogicalReceiver {
    static final String NAME = "pg_recvlogical, pgoutput, to /dev/null";

    private final Path program;
    private final EmbeddedServer server;

    private LogicalReceiver(Path program, EmbeddedServer server) {
        this.program = program;
        this.server = server;
    }

    /** Empty where the program is not installed. */
    static Optional<LogicalReceiver> find(EmbeddedServer server) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "pg_recvlogical"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new LogicalReceiver(program, server));
    }

    /** Receives all that the log holds behind the slot's place; {@code rate} in rows a second, {@code count}. */
    Figures receive(String slot, long rows, Path log) throws IOException, InterruptedException, SQLException {
        String end = end();
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--host=127.0.0.1",
                        "--port=" + server.port(),
                        "--username=" + EmbeddedServer.USER,
                        "--dbname=" + PostgresSource.DATABASE,
                        "--slot=" + slot,
                        "--start",
                        "--endpos=" + end,
                        "--no-loop",
                        "--option=proto_version=1",
                        "--option=publication_names=" + PostgresSource.PUBLICATION,
                        "--file=/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        int code;
        try {
            code = process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (code != 0 || !hasConfirmed(slot, end)) {
            throw new IllegalStateException("pg_recvlogical ended with " + code + " before " + end);
        }
        return new Figures(Map.of("rate", rows / seconds, "count", (double) rows));
    }

    /** Behind everything that was committed; something follows it, so that the server says that it has passed it. */
    private String end() throws SQLException {
        try (Connection connection = server.dataSource(PostgresSource.DATABASE).getConnection();
                Statement statement = connection.createStatement()) {
            String end;
            try (ResultSet result = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
                result.next();
                end = result.getString(1);
            }
            statement.execute("SELECT pg_log_standby_snapshot(), pg_switch_wal()");
            return end;
        }
    }

    private boolean hasConfirmed(String slot, String end) throws SQLException {
        try (Connection connection = server.dataSource(PostgresSource.DATABASE).getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT confirmed_flush_lsn >= ?::pg_lsn FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, end);
            statement.setString(2, slot);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
