package dev.tailrace.capture.mysql;

import io.debezium.bean.StandardBeanNames;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.connector.mysql.MySqlDatabaseSchema;
import io.debezium.relational.Column;
import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tables as the engine knows them at the position where it is, which its converters are told in part only. Found by the
 * engine's name; for any thread.
 */
final class EngineTables {
    private static final Map<String, EngineTables> BY_ENGINE = new ConcurrentHashMap<>();

    private final BeanRegistry beans;

    private EngineTables(BeanRegistry beans) {
        this.beans = beans;
    }

    /** Replaces what an earlier run of that engine left. */
    static EngineTables register(String engine, BeanRegistry beans) {
        EngineTables tables = new EngineTables(beans);
        BY_ENGINE.put(engine, tables);
        return tables;
    }

    /** Call it when the engine has ended. */
    static void unregister(String engine) {
        BY_ENGINE.remove(engine);
    }

    /** @throws IllegalStateException when no engine of that name has started */
    static EngineTables of(String engine) {
        EngineTables tables = BY_ENGINE.get(engine);
        if (tables == null) {
            throw new IllegalStateException("no MySQL engine named " + engine);
        }
        return tables;
    }

    private MySqlDatabaseSchema schema() {
        return beans.lookupByName(StandardBeanNames.DATABASE_SCHEMA, MySqlDatabaseSchema.class);
    }

    /** The captured tables, as far as the engine knows them where it is. */
    Set<TableId> ids() {
        return schema().tableIds();
    }

    /** @param quoted as the engine asks a snapshot query for it */
    Table quoted(String quoted) {
        return find(quoted, true);
    }

    /** @param name as the engine tells it to a converter */
    Table table(String name) {
        return find(name, false);
    }

    /** @param name of the table as the engine tells it to a converter */
    Column column(String name, String column) {
        Column found = table(name).columnWithName(column);
        if (found == null) {
            throw new IllegalStateException("the engine knows no column " + column + " of table " + name);
        }
        return found;
    }

    /**
     * Whether the engine would read rows of that table by a shape that it has given up: when a table whose shape it does not
     * know takes the name, it keeps what it read the rows of the name's former bearer by.
     */
    boolean isStale(String database, String table) {
        TableId id = new TableId(database, null, table);
        MySqlDatabaseSchema schema = schema();
        return schema.schemaFor(id) != null && schema.tableFor(id) == null;
    }

    private Table find(String name, boolean quoted) {
        MySqlDatabaseSchema schema = schema();
        for (TableId id : schema.tableIds()) {
            if ((quoted ? id.toQuotedString('`') : id.toString()).equals(name)) {
                return schema.tableFor(id);
            }
        }
        throw new IllegalStateException("the engine knows no table " + name);
    }
}
