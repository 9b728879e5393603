package dev.tailrace.sink.jdbc;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shape that each table at the target was made fit for, as far as known. Owned by the sink's thread. */
final class AppliedShapes {
    private final String journal;
    private final Map<TableId, AppliedShape> shapes = new HashMap<>();

    /** @param journal identity of the journal whose shapes come */
    AppliedShapes(String journal) {
        this.journal = journal;
    }

    String journal() {
        return journal;
    }

    Optional<AppliedShape> of(TableId table) {
        return Optional.ofNullable(shapes.get(table));
    }

    /** In order of the tables' names. */
    List<AppliedShape> all() {
        return shapes.values().stream()
                .sorted(Comparator.comparing(shape -> shape.schema().table().toString()))
                .toList();
    }

    void put(AppliedShape shape) {
        shapes.put(shape.schema().table(), shape);
    }

    /** Where the columns of a shape are in the target's table. */
    ColumnNames names(TableSchema shape, TargetTable table) {
        return of(shape.table())
                .map(applied -> applied.names(journal, shape, table))
                .orElse(ColumnNames.OWN);
    }
}
