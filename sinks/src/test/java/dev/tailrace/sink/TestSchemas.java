package dev.tailrace.sink;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.util.List;

/** The tables that the tests of every sink use. */
public final class TestSchemas {
    /** Key {@code id}; {@code document} is the column that the source leaves out when it did not change. */
    public static final TableSchema ORDERS = new TableSchema(
            1,
            new TableId("public", "orders"),
            1,
            List.of(
                    Column.of("id", "int8", ValueType.INT64, false),
                    Column.of("customer", "int4", ValueType.INT32, true),
                    Column.of("note", "text", ValueType.TEXT, true),
                    Column.of("document", "text", ValueType.TEXT, true),
                    new Column("amount", "numeric", 20, 4, true, ValueType.DECIMAL, null)),
            List.of(0));

    /** {@link #ORDERS} after a nullable column was added to its end. */
    public static final TableSchema ORDERS_WIDER = new TableSchema(
            5,
            ORDERS.table(),
            2,
            List.of(
                    ORDERS.column(0),
                    ORDERS.column(1),
                    ORDERS.column(2),
                    ORDERS.column(3),
                    ORDERS.column(4),
                    Column.of("colour", "text", ValueType.TEXT, true)),
            List.of(0));

    /** Every kind of awkward name, and a key of two columns that is not in the order of the columns. */
    public static final TableSchema ODD = new TableSchema(
            2,
            new TableId("Odd Schéma", "we\"ird/../näme.of a 'table' {x} %"),
            1,
            List.of(
                    Column.of("Select", "text", ValueType.TEXT, true),
                    Column.of("a \"quoted\" näme", "text", ValueType.TEXT, false),
                    Column.of("ID", "int8", ValueType.INT64, false),
                    Column.of("id", "text", ValueType.TEXT, true),
                    Column.of("semi;colon -- $1 ? :x", "text", ValueType.TEXT, true)),
            List.of(2, 1));

    /** {@link #ODD} for targets whose column names do not differ by case. */
    public static final TableSchema ODD_CASELESS = new TableSchema(
            2,
            ODD.table(),
            1,
            List.of(
                    ODD.column(0),
                    ODD.column(1),
                    Column.of("Number", "int8", ValueType.INT64, false),
                    ODD.column(3),
                    ODD.column(4)),
            ODD.key());

    /** Equals {@link #ORDERS} in its name but for the case of the letters. */
    public static final TableSchema ORDERS_UPPER = new TableSchema(
            3,
            new TableId("public", "ORDERS"),
            1,
            List.of(Column.of("id", "int8", ValueType.INT64, false), Column.of("note", "text", ValueType.TEXT, true)),
            List.of(0));

    /** {@link #ORDERS_UPPER} for targets whose table names do not differ by case. */
    public static final TableSchema NOTES =
            new TableSchema(3, new TableId("public", "notes"), 1, ORDERS_UPPER.columns(), ORDERS_UPPER.key());

    /** Without a key; {@code n} is different in every row, so that a test can tell them apart. */
    public static final TableSchema LOG = new TableSchema(
            4,
            new TableId("public", "log"),
            1,
            List.of(Column.of("n", "int8", ValueType.INT64, false), Column.of("line", "text", ValueType.TEXT, true)),
            List.of());

    private TestSchemas() {}
}
