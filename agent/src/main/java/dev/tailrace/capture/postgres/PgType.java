package dev.tailrace.capture.postgres;

import dev.tailrace.event.ValueType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type of the source database and how its values are carried.
 *
 * @param oid in that database
 * @param name of a type of the server's own as {@code pg_type} spells it; of a user's or an extension's with its schema,
 *     each quoted where SQL needs it, so that the two are never taken for each other
 * @param valueType how values are carried
 * @param element type of the elements when this is a true array, else null
 * @param delimiter between elements of an array of this type
 * @param moneyDigits behind the point when this is {@code money}, as its database shows it
 */
record PgType(
        int oid, String name, ValueType valueType, @Nullable PgType element, char delimiter, int moneyDigits) {
    static final int BYTEA = 17;
    static final int TEXT = 25;
    static final int OID = 26;
    static final int BPCHAR = 1042;
    static final int VARCHAR = 1043;
    static final int MONEY = 790;
    static final int TIME = 1083;
    static final int TIMESTAMP = 1114;
    static final int TIMESTAMPTZ = 1184;
    static final int TIMETZ = 1266;
    static final int BIT = 1560;
    static final int VARBIT = 1562;
    static final int NUMERIC = 1700;

    /** Built-in types by number, never by name: a user may call his own type {@code date}. All others travel as text. */
    private static final Map<Integer, ValueType> BUILT_IN = Map.ofEntries(
            Map.entry(16, ValueType.BOOLEAN),
            Map.entry(21, ValueType.INT16),
            Map.entry(23, ValueType.INT32),
            Map.entry(20, ValueType.INT64),
            Map.entry(OID, ValueType.INT64),
            Map.entry(700, ValueType.FLOAT32),
            Map.entry(701, ValueType.FLOAT64),
            Map.entry(NUMERIC, ValueType.DECIMAL),
            Map.entry(MONEY, ValueType.DECIMAL),
            Map.entry(BYTEA, ValueType.BYTES),
            Map.entry(1082, ValueType.DATE),
            Map.entry(TIME, ValueType.TIME),
            Map.entry(TIMESTAMP, ValueType.TIMESTAMP),
            Map.entry(TIMESTAMPTZ, ValueType.TIMESTAMPTZ),
            Map.entry(BIT, ValueType.BITS),
            Map.entry(VARBIT, ValueType.BITS));

    static PgType scalar(int oid, String name, char delimiter, int moneyDigits) {
        return new PgType(oid, name, BUILT_IN.getOrDefault(oid, ValueType.TEXT), null, delimiter, moneyDigits);
    }

    static PgType arrayOf(int oid, String name, PgType element) {
        return new PgType(oid, name, ValueType.ARRAY, element, ',', element.moneyDigits);
    }

    /** The type that decides about lengths and scales: the element's for an array. */
    PgType base() {
        return element == null ? this : element;
    }
}
