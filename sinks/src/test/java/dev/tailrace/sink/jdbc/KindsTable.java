package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table {@code kinds} with a column of each of some types, {@code c0} the first one, behind a key {@code id}. */
final class KindsTable {
    private final TableSchema schema;

    KindsTable(List<Column> types) {
        List<Column> columns = new ArrayList<>(List.of(number("id")));
        for (Column type : types) {
            columns.add(new Column(
                    "c" + (columns.size() - 1),
                    type.sourceType(),
                    type.length(),
                    type.scale(),
                    true,
                    type.valueType(),
                    type.elementType()));
        }
        schema = table(1, "kinds", List.of(0), columns.toArray(Column[]::new));
    }

    TableSchema schema() {
        return schema;
    }

    /** The row {@code id} 1 with these values, inserted and then updated in place, and the row 2 of nulls. */
    void write(JdbcTarget target, List<@Nullable Object> values) throws Exception {
        @Nullable Object[] row = row(1);
        for (int i = 0; i < values.size(); i++) {
            row[i + 1] = values.get(i);
        }
        ChangeStream stream = new ChangeStream();
        stream.insert(schema, row).insert(schema, row(2)).commit();
        stream.update(schema, row).commit();
        target.write(stream.frames().get(0).batch());
        target.write(stream.frames().get(1).batch());
    }

    /** A row with that value alone. */
    @Nullable
    Object[] row(long id, int column, Object value) {
        @Nullable Object[] row = row(id);
        row[column + 1] = value;
        return row;
    }

    private @Nullable Object[] row(long id) {
        @Nullable Object[] row = new Object[schema.size()];
        Arrays.fill(row, null);
        row[0] = id;
        return row;
    }
}
