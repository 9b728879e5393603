package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.event.Row;
import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowByRowStatements;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One statement a row, in standard SQL: a MERGE could not set an identity column that is always generated. */
final class H2Statements extends RowByRowStatements {

    H2Statements(Dialect dialect, Connection connection) {
        super(dialect, connection);
    }

    @Override
    protected @Nullable Object value(TableBinding table, int position, Row row) throws SQLException {
        return H2Values.of(table, position, row);
    }

    @Override
    protected void bind(PreparedStatement statement, int parameter, @Nullable Object value) throws SQLException {
        H2Values.bind(statement, parameter, value);
    }

    /** A plain text would become a JSON string. */
    @Override
    protected String parameter(TableBinding table, int position) {
        return table.column(position).type().equals("JSON") ? "? FORMAT JSON" : "?";
    }

    @Override
    protected String overriding(TableBinding table) {
        return table.table().columns().values().stream().anyMatch(TargetColumn::identityAlways)
                ? " OVERRIDING SYSTEM VALUE"
                : "";
    }
}
