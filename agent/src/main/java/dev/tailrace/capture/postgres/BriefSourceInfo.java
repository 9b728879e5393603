package dev.tailrace.capture.postgres;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.AbstractSourceInfo;
import io.debezium.connector.postgresql.PostgresSourceInfoStructMaker;
import io.debezium.connector.postgresql.SourceInfo;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The block about the source in each of the engine's records, with what {@link PostgresRecord} and the engine ask for and no
 * more: table, place in the log, transaction. The engine's own has versions, names, three forms of a time and a text of JSON
 * as well, and took a tenth of its streaming thread.
 *
 * <p>What it is made of is open to the engine's own package only. Where another version has it no longer so, the block is the
 * engine's own again.
 */
public final class BriefSourceInfo extends PostgresSourceInfoStructMaker {
    private static final @Nullable MethodHandle SCHEMA_NAME = reader("schemaName", String.class);
    private static final @Nullable MethodHandle TABLE_NAME = reader("tableName", String.class);
    private static final @Nullable MethodHandle TRANSACTION = reader("txId", Long.class);

    private static final Schema BLOCK = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .field(AbstractSourceInfo.TIMESTAMP_KEY, Schema.INT64_SCHEMA)
            .field(AbstractSourceInfo.SCHEMA_NAME_KEY, Schema.STRING_SCHEMA)
            .field(AbstractSourceInfo.TABLE_NAME_KEY, Schema.STRING_SCHEMA)
            .field(SourceInfo.TXID_KEY, Schema.OPTIONAL_INT64_SCHEMA)
            .field(SourceInfo.LSN_KEY, Schema.OPTIONAL_INT64_SCHEMA)
            .field(SourceInfo.XMIN_KEY, Schema.OPTIONAL_INT64_SCHEMA) // the engine's meters ask for it
            .field(AbstractSourceInfo.SNAPSHOT_KEY, Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Field TIME = BLOCK.field(AbstractSourceInfo.TIMESTAMP_KEY);
    private static final Field SCHEMA = BLOCK.field(AbstractSourceInfo.SCHEMA_NAME_KEY);
    private static final Field TABLE = BLOCK.field(AbstractSourceInfo.TABLE_NAME_KEY);
    private static final Field TXID = BLOCK.field(SourceInfo.TXID_KEY);
    private static final Field LSN = BLOCK.field(SourceInfo.LSN_KEY);

    private static @Nullable MethodHandle reader(String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(SourceInfo.class, MethodHandles.lookup())
                    .findVirtual(SourceInfo.class, name, MethodType.methodType(type));
        } catch (ReflectiveOperationException | SecurityException e) {
            return null;
        }
    }

    /** Whether the engine is as we know it. */
    static boolean isBrief() {
        return SCHEMA_NAME != null && TABLE_NAME != null && TRANSACTION != null;
    }

    @Override
    public void init(String connector, String version, CommonConnectorConfig config) {
        if (!isBrief()) {
            super.init(connector, version, config);
        }
    }

    @Override
    public Schema schema() {
        return isBrief() ? BLOCK : super.schema();
    }

    @Override
    public Struct struct(SourceInfo place) {
        MethodHandle schemaName = SCHEMA_NAME;
        MethodHandle tableName = TABLE_NAME;
        MethodHandle transaction = TRANSACTION;
        if (schemaName == null || tableName == null || transaction == null) {
            return super.struct(place);
        }
        try {
            // the engine must find a time, for a transaction of which it saw no beginning; ours is the offset's
            Struct block = new Struct(BLOCK).put(TIME, 0L);
            block.put(SCHEMA, (String) schemaName.invokeExact(place));
            block.put(TABLE, (String) tableName.invokeExact(place));
            block.put(TXID, (Long) transaction.invokeExact(place));
            return place.lsn() == null ? block : block.put(LSN, place.lsn().asLong());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the engine's place in its source cannot be read", e);
        }
    }
}
