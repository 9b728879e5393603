package dev.tailrace.journal;

import dev.tailrace.config.DataSize;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values, rows, transactions and journals for tests. */
final class Samples {
    static final String SOURCE = "pg-7312345678901234567-1";
    static final TableId ORDERS = new TableId("public", "orders");
    static final TableId OTHERS = new TableId("public", "others");
    static final List<Column> COLUMNS =
            List.of(Column.of("id", "int8", ValueType.INT64, false), Column.of("note", "text", ValueType.TEXT, true));

    private Samples() {}

    /** A journal of its own directory, opened; closing gives the directory up. */
    static final class Opened implements AutoCloseable {
        final DataDirectory directory;
        final Journal journal;
        final JournalAppender appender;

        Opened(Path path, JournalSettings settings) throws JournalException {
            this(path, settings, InstantSource.system());
        }

        Opened(Path path, JournalSettings settings, InstantSource clock) throws JournalException {
            directory = DataDirectory.claim(path, Instant.EPOCH);
            Journal opened;
            try {
                opened = Journals.open(directory, settings, clock);
            } catch (JournalException | RuntimeException e) {
                directory.close();
                throw e;
            }
            journal = opened;
            appender = journal.appender();
        }

        TableSchema orders() throws JournalException {
            return appender.schema(ORDERS, COLUMNS, List.of(0));
        }

        /** Appends one transaction whose only row has that number, at the position of that number. */
        long append(long number, String note) throws JournalException {
            return appender.appendTransactions(List.of(transaction(orders(), number, note)), offset(number));
        }

        /** The numbers of all rows that a new reader sees behind that frame. */
        List<Long> numbers(long after) throws JournalException {
            List<Long> numbers = new ArrayList<>();
            for (Frame frame : frames(after)) {
                numbers.addAll(numbersOf(frame));
            }
            return numbers;
        }

        List<Frame> frames(long after) throws JournalException {
            List<Frame> frames = new ArrayList<>();
            try (JournalReader reader = journal.reader(after, table -> true)) {
                for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                    frames.add(frame);
                }
            }
            return frames;
        }

        @Override
        public void close() {
            journal.close();
            directory.close();
        }
    }

    static List<Long> numbersOf(Frame frame) {
        List<Long> numbers = new ArrayList<>();
        for (Transaction transaction : frame.transactions()) {
            for (ChangeEvent event : transaction.events()) {
                numbers.add((Long) event.image().value(0));
            }
        }
        return numbers;
    }

    static JournalSettings settings() {
        return settings(1024, 256);
    }

    static JournalSettings settings(long maximumMebibytes, long cycleMebibytes) {
        return new JournalSettings(
                Duration.ofDays(7),
                DataSize.ofMebibytes(maximumMebibytes),
                new DataSize(0),
                DataSize.ofMebibytes(cycleMebibytes));
    }

    static SourcePosition position(long number) {
        return new SourcePosition(SOURCE, 0, number * 16);
    }

    static SourceOffset offset(long number) {
        return new SourceOffset(position(number), Map.of("lsn", number, "commit", "c" + number, "last", true));
    }

    static long numberOf(SourceOffset offset) {
        return offset.position().offset() / 16;
    }

    static Transaction transaction(TableSchema schema, long number, String note) {
        return Transaction.whole("" + number, position(number), number * 1000, List.of(insert(schema, number, note)));
    }

    static ChangeEvent insert(TableSchema schema, long number, String note) {
        return ChangeEvent.ofChange(Operation.INSERT, schema, position(number), 0, null, Row.of(schema, number, note));
    }

    /** One part with one row. */
    static Transaction part(TableSchema schema, long number, boolean first, boolean last) {
        return new Transaction("big", position(number), number, List.of(insert(schema, number, "part")), first, last);
    }

    /** A table with every type there is, and an array of every type. */
    static TableSchema everything() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("id", "int8", ValueType.INT64, false));
        for (ValueType type : ValueType.values()) {
            if (type != ValueType.ARRAY) {
                String name = type.name().toLowerCase(java.util.Locale.ROOT);
                columns.add(new Column("c_" + name, name, 12, 3, true, type, null));
                columns.add(new Column("a_" + name, "_" + name, -1, -1, true, ValueType.ARRAY, type));
            }
        }
        return new TableSchema(7, new TableId("public", "everything"), 2, columns, List.of(0));
    }

    static Row row(Random random, TableSchema schema, boolean absent) {
        @Nullable Object[] values = new @Nullable Object[schema.size()];
        for (int i = 0; i < values.length; i++) {
            Column column = schema.column(i);
            int dice = random.nextInt(10);
            if (schema.isKey(i)) {
                values[i] = random.nextLong();
            } else if (dice == 0) {
                values[i] = null;
            } else if (dice == 1 && absent) {
                values[i] = Row.absent();
            } else {
                ValueType element = column.elementType();
                values[i] = element == null ? scalar(random, column.valueType()) : list(random, element, 0);
            }
        }
        return Row.of(schema, values);
    }

    private static List<@Nullable Object> list(Random random, ValueType type, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int dice = random.nextInt(5);
            list.add(dice == 0 ? null : dice == 1 && depth < 2 ? list(random, type, depth + 1) : scalar(random, type));
        }
        return list;
    }

    static Object scalar(Random random, ValueType type) {
        return switch (type) {
            case BOOLEAN -> random.nextBoolean();
            case INT16 -> (short) random.nextInt();
            case INT32 -> random.nextInt();
            case DATE -> pick(random, ValueType.DATE_INFINITY, -ValueType.DATE_INFINITY, random.nextInt(40_000));
            case INT64, TIME -> random.nextLong();
            case TIMESTAMP, TIMESTAMPTZ ->
                pick(random, ValueType.TIMESTAMP_INFINITY, -ValueType.TIMESTAMP_INFINITY, random.nextLong());
            case FLOAT32 -> pick(random, Float.NaN, Float.NEGATIVE_INFINITY, -0.0f, random.nextFloat());
            case FLOAT64 -> pick(random, Double.NaN, Double.POSITIVE_INFINITY, -0.0, random.nextDouble());
            case DECIMAL -> decimal(random);
            case TEXT -> text(random, random.nextInt(40));
            case BYTES -> bytes(random, random.nextInt(40));
            case BITS -> bits(random, random.nextInt(20));
            case ARRAY -> throw new IllegalArgumentException();
        };
    }

    private static Object decimal(Random random) {
        return pick(
                random,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                new BigDecimal("0.000"),
                new BigDecimal(new BigInteger(random.nextInt(400), random).negate(), random.nextInt(60) - 20),
                BigDecimal.valueOf(random.nextLong(), random.nextInt(20)));
    }

    static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint((int) pick(random, random.nextInt(128), 0xe4, 0x20ac, 0x1f600));
        }
        return text.toString();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String bits(Random random, int length) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            bits.append(random.nextBoolean() ? '1' : '0');
        }
        return bits.toString();
    }

    private static Object pick(Random random, Object... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
