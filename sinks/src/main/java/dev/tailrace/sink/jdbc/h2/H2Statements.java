package dev.tailrace.sink.jdbc.h2;

import dev.tailrace.sink.jdbc.Dialect;
import dev.tailrace.sink.jdbc.RowByRowStatements;
import dev.tailrace.sink.jdbc.TableBinding;
import dev.tailrace.sink.jdbc.TargetColumn;
import java.sql.Connection;

/** One statement a row, in standard SQL: a MERGE could not set an identity column that is always generated. */
final class H2Statements extends RowByRowStatements {

    H2Statements(Dialect dialect, Connection connection) {
        super(dialect, new H2Syntax(), connection);
    }

    @Override
    protected String overriding(TableBinding table) {
        return table.table().columns().values().stream().anyMatch(TargetColumn::identityAlways)
                ? " OVERRIDING SYSTEM VALUE"
                : "";
    }
}
