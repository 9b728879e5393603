package dev.tailrace.journal;

import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The shapes read or written so far, by number and the newest by table. Thread-safe; a number never changes its meaning. */
final class SchemaCatalog {
    private final Map<Integer, TableSchema> byId = new ConcurrentHashMap<>();
    private final Map<TableId, TableSchema> newest = new ConcurrentSkipListMap<>();

    void add(TableSchema schema) {
        byId.putIfAbsent(schema.id(), schema);
        newest.merge(schema.table(), schema, (old, next) -> next.version() > old.version() ? next : old);
    }

    @Nullable
    TableSchema find(int id) {
        return byId.get(id);
    }

    @Nullable
    TableSchema newest(TableId table) {
        return newest.get(table);
    }

    List<TableSchema> newest() {
        return List.copyOf(newest.values());
    }
}
