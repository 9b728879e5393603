package dev.tailrace.sink.jdbc.postgres;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.TableBinding;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows by {@code COPY}: in its binary format where every value has a binary form, else as texts, which the columns' input
 * functions read as a cast would.
 */
final class PostgresCopy {
    private static final int CHUNK = 64 << 10;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};

    /** Types that read the bytes of a text as they are. */
    private static final Set<String> TEXTS = Set.of("text", "character varying");

    private final Dialect dialect;
    private final TableBinding table;
    private final List<Integer> columns;
    private final List<BinaryType> types = new ArrayList<>();
    private boolean began;

    PostgresCopy(Dialect dialect, TableBinding table, List<Integer> columns) {
        this.dialect = dialect;
        this.table = table;
        this.columns = columns;
        for (int column : columns) {
            types.add(BinaryType.of(
                    table.column(column).type(), table.schema().column(column).valueType()));
        }
    }

    /** Whether the server has the table, and took or could take rows. */
    boolean began() {
        return began;
    }

    /** @param halfway called when a part of the rows is at the server */
    void run(Connection connection, List<Row> rows, Runnable halfway) throws SQLException {
        boolean binary = isBinary(rows);
        String sql = "COPY " + dialect.quote(table.table().name()) + " ("
                + columns.stream()
                        .map(c -> dialect.quote(table.column(c).name()))
                        .collect(Collectors.joining(", "))
                + ") FROM STDIN" + (binary ? " (FORMAT binary)" : "");
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        began = true;
        try {
            BinaryOutput out = new BinaryOutput(CHUNK + CHUNK / 4);
            if (binary) {
                out.bytes(SIGNATURE).int4(0).int4(0);
            }
            int half = rows.size() / 2;
            for (int i = 0; i < rows.size(); i++) {
                if (binary) {
                    binary(out, rows.get(i));
                } else {
                    text(out, rows.get(i));
                }
                if (out.size() >= CHUNK || i == half) {
                    copy.writeToCopy(out.array(), 0, out.size());
                    out.clear();
                }
                if (i == half) {
                    copy.flushCopy();
                    halfway.run();
                }
            }
            if (binary) {
                out.int2(-1);
            }
            copy.writeToCopy(out.array(), 0, out.size());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private boolean isBinary(List<Row> rows) {
        for (int i = 0; i < types.size(); i++) {
            BinaryType type = types.get(i);
            int column = columns.get(i);
            if (type == BinaryType.TEXT && !TEXTS.contains(table.column(column).type())) {
                return false;
            }
            for (Row row : rows) {
                if (!type.holds(row.value(column))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void binary(BinaryOutput out, Row row) throws SQLException {
        out.int2(columns.size());
        for (int i = 0; i < types.size(); i++) {
            BinaryType type = types.get(i);
            int column = columns.get(i);
            type.write(out, type == BinaryType.TEXT ? ColumnArray.text(table, column, row) : row.value(column));
        }
    }

    private void text(BinaryOutput out, Row row) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                out.int1('\t');
            }
            escaped(out, ColumnArray.text(table, columns.get(i), row));
        }
        out.int1('\n');
    }

    private static void escaped(BinaryOutput out, @Nullable String text) {
        if (text == null) {
            out.int1('\\').int1('N');
            return;
        }
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            switch (b) {
                case '\\' -> out.int1('\\').int1('\\');
                case '\n' -> out.int1('\\').int1('n');
                case '\r' -> out.int1('\\').int1('r');
                case '\t' -> out.int1('\\').int1('t');
                default -> out.int1(b);
            }
        }
    }
}
