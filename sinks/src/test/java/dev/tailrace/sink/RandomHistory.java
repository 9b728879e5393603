package dev.tailrace.sink;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random but possible histories of {@link TestSchemas}: a row is inserted once before it is changed, columns are absent
 * only in updates, keys move and come back, some transactions come in parts. The same seed gives the same history.
 */
public final class RandomHistory {
    private final Random random;
    private final boolean keyless;
    private final boolean truncates;
    private final TableSchema odd;
    private final TableSchema second;
    private final ChangeStream stream = new ChangeStream();
    private final Map<TableSchema, List<List<Object>>> live = new HashMap<>();
    private long nextLine;

    private RandomHistory(long seed, boolean keyless, boolean truncates, TableSchema odd, TableSchema second) {
        this.random = new Random(seed);
        this.keyless = keyless;
        this.truncates = truncates;
        this.odd = odd;
        this.second = second;
    }

    /**
     * @param keyless whether a table without key takes part
     * @param truncates whether tables are truncated
     */
    public static ChangeStream of(long seed, int transactions, boolean keyless, boolean truncates) {
        return of(seed, transactions, keyless, truncates, TestSchemas.ODD);
    }

    /** @param odd {@link TestSchemas#ODD}, or {@link TestSchemas#ODD_CASELESS} for a target that cannot hold it */
    public static ChangeStream of(long seed, int transactions, boolean keyless, boolean truncates, TableSchema odd) {
        return of(seed, transactions, keyless, truncates, odd, TestSchemas.ORDERS_UPPER);
    }

    /** @param second {@link TestSchemas#ORDERS_UPPER}, or {@link TestSchemas#NOTES} */
    public static ChangeStream of(
            long seed, int transactions, boolean keyless, boolean truncates, TableSchema odd, TableSchema second) {
        RandomHistory history = new RandomHistory(seed, keyless, truncates, odd, second);
        for (int i = 0; i < transactions; i++) {
            history.transaction();
        }
        return history.stream;
    }

    private void transaction() {
        int parts = random.nextInt(6) == 0 ? 2 + random.nextInt(3) : 1;
        for (int part = 0; part < parts; part++) {
            int changes = 1 + random.nextInt(12);
            for (int i = 0; i < changes; i++) {
                change();
            }
            if (part < parts - 1) {
                stream.part();
            }
        }
        stream.commit();
    }

    private void change() {
        if (keyless && random.nextInt(8) == 0) {
            stream.insert(TestSchemas.LOG, nextLine++, text("line"));
            return;
        }
        TableSchema schema = switch (random.nextInt(6)) {
            case 0 -> odd;
            case 1 -> second;
            default -> TestSchemas.ORDERS;
        };
        List<List<Object>> keys = live.computeIfAbsent(schema, s -> new ArrayList<>());
        int dice = random.nextInt(100);
        if (truncates && dice == 0) {
            stream.truncate(schema);
            keys.clear();
        } else if (keys.isEmpty() || dice < 30) {
            List<Object> key = freeKey(schema, keys);
            if (key != null) {
                keys.add(key);
                stream.insert(schema, values(schema, key, false));
            }
        } else if (dice < 45) {
            stream.delete(schema, keys.remove(random.nextInt(keys.size())).toArray());
        } else if (dice < 60) {
            rekey(schema, keys);
        } else {
            stream.update(schema, values(schema, keys.get(random.nextInt(keys.size())), true));
        }
    }

    private void rekey(TableSchema schema, List<List<Object>> keys) {
        List<Object> key = freeKey(schema, keys);
        if (key != null) {
            List<Object> old = keys.remove(random.nextInt(keys.size()));
            keys.add(key);
            stream.rekey(schema, old, values(schema, key, true));
        }
    }

    /** Few keys on purpose: the same one occurs often in a batch. */
    private List<Object> freeKey(TableSchema schema, List<List<Object>> keys) {
        List<Object> key = schema == odd
                ? List.of((long) random.nextInt(4), List.of("a", "b 'q'", "ç").get(random.nextInt(3)))
                : List.of((long) random.nextInt(25));
        return keys.contains(key) ? null : key;
    }

    private Object[] values(TableSchema schema, List<Object> key, boolean mayBeAbsent) {
        Object[] values = new Object[schema.size()];
        for (int i = 0; i < values.length; i++) {
            int inKey = schema.key().indexOf(i);
            values[i] = inKey >= 0
                    ? key.get(inKey)
                    : switch (schema.column(i).valueType()) {
                        case INT32 -> random.nextInt(10) == 0 ? null : (Object) random.nextInt();
                        case DECIMAL ->
                            random.nextInt(10) == 0
                                    ? null
                                    : BigDecimal.valueOf(random.nextLong() >> random.nextInt(60), 4);
                        default -> document(schema.column(i).name(), mayBeAbsent);
                    };
        }
        return values;
    }

    private Object document(String column, boolean mayBeAbsent) {
        if (column.equals("document")) {
            return mayBeAbsent && random.nextBoolean() ? Row.absent() : text(column);
        }
        return random.nextInt(8) == 0 ? null : text(column);
    }

    private String text(String prefix) {
        return prefix + " \"" + Long.toString(random.nextLong(), 36) + "\" \\ \n\t é € \uD83D\uDE00";
    }
}
