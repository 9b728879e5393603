package dev.tailrace.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where one agent lives, and the configuration that joins a shop with a JDBC, an HTTP and a file target.
 *
 * @param directory holds everything below
 * @param name of the agent
 * @param source lines of its {@code source} mapping, see {@link Shop#configuration}
 * @param tables glob of the tables that the JDBC sink gets
 * @param warehouse lines of its JDBC sink, see {@link Warehouse#configuration}
 * @param receiver where the HTTP sink sends to
 * @param adminPort of the agent's endpoint
 * @param journal keys below {@code journal}, one a line, without indentation
 */
public record AgentFiles(
        Path directory,
        String name,
        List<String> source,
        String tables,
        List<String> warehouse,
        String receiver,
        int adminPort,
        List<String> journal) {

    /** Names of the three sinks in the configuration. */
    public static final String WAREHOUSE = "warehouse";

    public static final String EVENTS = "events";
    public static final String ARCHIVE = "archive";

    public AgentFiles {
        source = List.copyOf(source);
        warehouse = List.copyOf(warehouse);
        journal = List.copyOf(journal);
    }

    public Path configuration() {
        return directory.resolve("tailrace.yaml");
    }

    /** The agent's data directory: the only place it may write to. */
    public Path data() {
        return directory.resolve("data");
    }

    public Path archive() {
        return data().resolve("archive");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    /** Writes the configuration. */
    public void write() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(configuration(), text());
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        text.append("name: ").append(name).append('\n');
        text.append("data-dir: ").append(quote(data().toString())).append('\n');
        text.append("source:\n");
        source.forEach(line -> text.append("  ").append(line).append('\n'));
        if (!journal.isEmpty()) {
            text.append("journal:\n");
            journal.forEach(line -> text.append("  ").append(line).append('\n'));
        }
        text.append("sinks:\n  - name: ")
                .append(WAREHOUSE)
                .append("\n    type: jdbc\n    tables: [")
                .append(quote(tables))
                .append("]\n");
        warehouse.forEach(line -> text.append("    ").append(line).append('\n'));
        text.append("  - name: ")
                .append(EVENTS)
                .append("\n    type: http\n    url: ")
                .append(quote(receiver))
                .append("\n    format: cloudevents\n  - name: ")
                .append(ARCHIVE)
                .append("\n    type: file\n    directory: ")
                .append(quote(archive().toString()))
                .append("\n    format: jsonl\nadmin:\n  listen: \"127.0.0.1:")
                .append(adminPort)
                .append("\"\n");
        return text.toString();
    }

    private static String quote(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
