package dev.tailrace.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads a file of MySQL's binary log, which may still be written to, by the format that MySQL documents. Shares no code
 * with what the agent reads it by. Kept open while the file grows: tables are named before their rows. One thread.
 */
final class BinlogFileReader implements AutoCloseable {
    /** Position of the first event, behind the magic number. */
    static final long FIRST = 4;

    private static final int HEADER = 19;
    private static final int CHECKSUM = 4;
    private static final int STATEMENT = 2;
    private static final int COMMIT = 16;
    private static final int TABLE_MAP = 19;
    private static final int GTID = 33;
    private static final int ANONYMOUS = 34;
    private static final int COMPRESSED = 40;
    private static final int TAGGED_GTID = 42;
    /** Rows written, updated, deleted, and the update of parts of JSON values. */
    private static final Map<Integer, Character> ROWS = Map.of(30, 'I', 31, 'U', 32, 'D', 39, 'U');

    private final FileChannel file;
    private final Map<Long, BinlogTable> tables = new HashMap<>();
    private long position;

    /** @param position of an event between transactions */
    BinlogFileReader(Path path, long position) throws IOException {
        this.position = position;
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** Hands over the events that are complete and were not handed over yet. */
    void read(Consumer<BinlogEvent> events) throws IOException {
        ByteBuffer head = buffer(HEADER);
        while (fill(head, position)) {
            head.position(4);
            int type = Byte.toUnsignedInt(head.get());
            head.getInt(); // server id
            int size = head.getInt();
            if (position + size > file.size()) {
                return; // it is being written
            }
            if (type == COMPRESSED) {
                throw new IOException("compressed transactions cannot be read");
            }
            boolean wanted = type == STATEMENT || type == TABLE_MAP || ROWS.containsKey(type);
            if (type == GTID || type == ANONYMOUS || type == TAGGED_GTID) {
                events.accept(BinlogEvent.of(BinlogEvent.Kind.TRANSACTION, position));
            } else if (type == COMMIT) {
                events.accept(BinlogEvent.of(BinlogEvent.Kind.COMMIT, position));
            } else if (wanted) {
                ByteBuffer body = buffer(size - HEADER - CHECKSUM);
                if (!fill(body, position + HEADER)) {
                    return;
                }
                take(type, body, events);
            }
            position += size;
        }
    }

    private void take(int type, ByteBuffer body, Consumer<BinlogEvent> events) throws IOException {
        if (type == TABLE_MAP) {
            long id = BinlogTable.number(body, 6);
            tables.put(id, BinlogTable.read(body));
        } else if (type == STATEMENT) {
            body.getInt(); // session
            body.getInt(); // seconds
            int database = Byte.toUnsignedInt(body.get());
            body.getShort(); // error
            int variables = Short.toUnsignedInt(body.getShort());
            body.position(body.position() + variables);
            String name = text(body, database);
            body.get();
            events.accept(BinlogEvent.statement(position, name, text(body, body.remaining())));
        } else {
            long id = BinlogTable.number(body, 6);
            BinlogTable table = tables.get(id);
            if (table == null) {
                throw new IOException("rows at " + position + " belong to no table that was named before");
            }
            char operation = ROWS.getOrDefault(type, ' ');
            int rows = table.count(body, operation == 'U', type == 39);
            events.accept(new BinlogEvent(
                    BinlogEvent.Kind.ROWS, position, table.database(), table.name(), operation, rows, ""));
        }
    }

    static String text(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the file has that many bytes at that position; the buffer is then full and at its beginning. */
    private boolean fill(ByteBuffer buffer, long from) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) < 0) {
                return false;
            }
        }
        buffer.flip();
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
