package dev.tailrace.agent;

import dev.tailrace.admin.StatusJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What operators ordered, in {@code data-dir/operators.jsonl}: one order a line, on the disk when {@link #add} returns. Any
 * thread; several processes may write, for each line is one write at the end.
 */
public final class OperatorLog {
    private final Path file;

    private OperatorLog(Path file) {
        this.file = file;
    }

    public static OperatorLog in(Path dataDirectory) {
        return new OperatorLog(dataDirectory.resolve("operators.jsonl"));
    }

    /**
     * One order.
     *
     * @param at time in UTC
     * @param operator name of the user who gave it, as the command line knew it; nobody has proven it
     * @param action what was ordered
     * @param object what it was about
     * @param reason as given; empty when none was
     */
    public record Order(String at, String operator, String action, String object, String reason) {
        public static Order now(String operator, String action, String object, String reason) {
            return new Order(Instant.now().toString(), operator, action, object, reason);
        }
    }

    public void add(Order order) throws IOException {
        boolean isNew = Files.notExists(file);
        byte[] line = (StatusJson.compact(order) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        if (isNew) {
            OperatorFiles.belongsToTheAgent(file);
        }
    }

    /** Oldest first. A line that a crash or a full disk cut off is left out. */
    public List<Order> orders() throws IOException {
        List<Order> orders = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                StatusJson.readLine(line, Order.class).ifPresent(orders::add);
            }
        }
        return orders;
    }
}
