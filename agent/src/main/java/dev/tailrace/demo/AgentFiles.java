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
 * @param source port and database of the shop
 * @param target port and database of the JDBC target
 * @param receiver where the HTTP sink sends to
 * @param adminPort of the agent's endpoint
 * @param journal keys below {@code journal}, one a line, without indentation
 */
public record AgentFiles(
        Path directory,
        String name,
        Address source,
        Address target,
        String receiver,
        int adminPort,
        List<String> journal) {

    /** A database on the loopback interface. */
    public record Address(int port, String database) {}

    /** Names of the three sinks in the configuration. */
    public static final String WAREHOUSE = "warehouse";

    public static final String EVENTS = "events";
    public static final String ARCHIVE = "archive";

    public AgentFiles {
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

    public String slot() {
        return "tailrace_" + name;
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
        text.append("source:\n  type: postgres\n  host: 127.0.0.1\n  port: ")
                .append(source.port())
                .append("\n  database: ")
                .append(source.database())
                .append("\n  user: ")
                .append(EmbeddedServer.USER)
                .append("\n  password: unused-here\n  tables: [\"public.*\"]\n");
        if (!journal.isEmpty()) {
            text.append("journal:\n");
            journal.forEach(line -> text.append("  ").append(line).append('\n'));
        }
        text.append("sinks:\n  - name: ")
                .append(WAREHOUSE)
                .append("\n    type: jdbc\n    url: jdbc:postgresql://127.0.0.1:")
                .append(target.port())
                .append('/')
                .append(target.database())
                .append("\n    user: ")
                .append(EmbeddedServer.USER)
                .append("\n    password: unused-here\n  - name: ")
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
