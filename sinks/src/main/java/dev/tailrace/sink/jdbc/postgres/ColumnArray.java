package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.ValueText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * The values of one column in a group of rows, as an array parameter. Making it asks nothing of the server, so that any
 * thread may; binding it is for the connection's thread.
 *
 * @param binary the array in its binary form; null where a value has none
 * @param texts the values as texts instead
 */
record ColumnArray(BinaryType type, byte @Nullable [] binary, String @Nullable [] texts) {
    private static final int HEADER = 20;
    private static final int VALUE_GUESS = 16;

    /** The position in the header of whether there is a null. */
    private static final int HAS_NULL = 7;

    static ColumnArray of(TableBinding table, int column, Row[] rows) throws SQLException {
        ValueType carried = table.schema().column(column).valueType();
        BinaryType type = BinaryType.of(table.column(column).type(), carried);
        BinaryOutput out = begin(type, rows.length);
        boolean nulls = false;
        for (Row row : rows) {
            Object value = type == BinaryType.TEXT ? text(table, column, row) : row.value(column);
            if (!type.holds(value)) {
                return new ColumnArray(type, null, texts(table, column, rows));
            }
            nulls |= value == null;
            type.write(out, value);
        }
        byte[] bytes = out.copy();
        bytes[HAS_NULL] = (byte) (nulls ? 1 : 0);
        return new ColumnArray(type, bytes, null);
    }

    private static BinaryOutput begin(BinaryType type, int count) {
        // One dimension, without nulls so far, the element's type, that many elements, the first of them is number 1.
        return new BinaryOutput(HEADER + count * VALUE_GUESS)
                .int4(1)
                .int4(0)
                .int4(type.oid())
                .int4(count)
                .int4(1);
    }

    private static String[] texts(TableBinding table, int column, Row[] rows) throws SQLException {
        @Nullable String[] texts = new String[rows.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(table, column, rows[i]);
        }
        return texts;
    }

    /** The text that the server reads as the value. */
    static @Nullable String text(TableBinding table, int column, Row row) throws SQLException {
        Object value = row.value(column);
        if (value == null) {
            return null;
        }
        TableSchema schema = table.schema();
        String text = ValueText.of(
                value,
                schema.column(column).valueType(),
                schema.column(column).elementType(),
                table.column(column).type().equals("box[]") ? ';' : ',');
        if (text.indexOf('\0') >= 0) {
            throw new SQLException(
                    "column " + schema.column(column).name() + " of " + schema.table()
                            + " holds a text with the character U+0000, which PostgreSQL cannot store",
                    "22021");
        }
        return text;
    }

    void bind(Connection connection, PreparedStatement statement, int parameter) throws SQLException {
        statement.setArray(
                parameter,
                binary != null
                        ? new PgArray(connection.unwrap(BaseConnection.class), type.arrayOid(), binary)
                        : connection.createArrayOf(type.element(), texts));
    }
}
