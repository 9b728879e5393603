package dev.tailrace.capture.mysql;

import dev.tailrace.capture.EngineContext;
import dev.tailrace.capture.EngineRecord;
import dev.tailrace.journal.SourceOffset;
import io.debezium.config.Configuration;
import io.debezium.document.Array;
import io.debezium.document.Document;
import io.debezium.document.DocumentReader;
import io.debezium.document.Value;
import io.debezium.relational.history.AbstractSchemaHistory;
import io.debezium.relational.history.HistoryRecord;
import io.debezium.relational.history.HistoryRecordComparator;
import io.debezium.relational.history.SchemaHistoryException;
import io.debezium.relational.history.SchemaHistoryListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's schema history over the journal. What the engine records waits in {@link SchemaNotes}; what it recovers is
 * the state as of the journal's end, one record for each table, so that years of changes cost a start nothing.
 *
 * <p>The engine makes it by class name.
 */
public final class JournalSchemaHistory extends AbstractSchemaHistory {
    /** Option: the engine's name. */
    static final String CONTEXT = CONFIGURATION_FIELD_PREFIX_STRING + "tailrace.context";

    private @Nullable MySqlContext context;
    private @Nullable TableTexts texts;

    @Override
    public void configure(
            Configuration config,
            HistoryRecordComparator comparator,
            SchemaHistoryListener listener,
            boolean useCatalogBeforeSchema) {
        // Its own listener is a bean of JMX, which the next engine waits for when this one cannot end.
        super.configure(config, comparator, SchemaHistoryListener.NOOP, useCatalogBeforeSchema);
        context = EngineContext.source(config.getString(CONTEXT), MySqlContext.class);
    }

    private MySqlContext context() {
        MySqlContext found = context;
        if (found == null) {
            throw new IllegalStateException("the schema history was not configured");
        }
        return found;
    }

    @Override
    protected void storeRecord(HistoryRecord record) throws SchemaHistoryException {
        if (texts == null) {
            texts = new TableTexts(context().remembered().get());
        }
        String ddl = record.document().getString(HistoryRecord.Fields.DDL_STATEMENTS);
        SchemaNote note = SchemaNote.of(record, context().source());
        context().notes().add(texts.completed(note, ddl == null ? "" : ddl));
    }

    @Override
    protected void recoverRecords(Consumer<HistoryRecord> records) {
        Map<String, String> remembered = context().remembered().get();
        Map<String, Object> restart =
                context().restart().get().map(SourceOffset::attributes).orElse(Map.of());
        for (String kind : new String[] {SchemaNote.SERVER, SchemaNote.DATABASE, SchemaNote.TABLE}) {
            remembered.forEach((key, text) -> {
                if (key.startsWith(kind)) {
                    records.accept(record(kind, key.substring(kind.length()), text, restart));
                }
            });
        }
    }

    /** As if recorded right where the engine resumes: all that the journal remembers at its end applies there. */
    private static HistoryRecord record(String kind, String name, String text, Map<String, Object> restart) {
        Document document = Document.create();
        document.setDocument(HistoryRecord.Fields.SOURCE).setString("server", EngineRecord.TOPIC_PREFIX);
        Document position = document.setDocument(HistoryRecord.Fields.POSITION);
        for (String key : new String[] {BinlogOffset.FILE, BinlogOffset.POSITION, BinlogOffset.GTIDS}) {
            if (restart.get(key) != null) {
                position.set(key, restart.get(key));
            }
        }
        if (kind.equals(SchemaNote.TABLE)) {
            document.setString(HistoryRecord.Fields.DDL_STATEMENTS, "");
            document.setArray(HistoryRecord.Fields.TABLE_CHANGES, Array.create(List.of(Value.create(parse(text)))));
        } else {
            document.setString(HistoryRecord.Fields.DATABASE_NAME, name);
            document.setString(HistoryRecord.Fields.DDL_STATEMENTS, text);
        }
        return new HistoryRecord(document);
    }

    private static Document parse(String text) {
        try {
            return DocumentReader.defaultReader().read(text);
        } catch (IOException e) {
            throw new IllegalStateException("the shape of a table in the journal cannot be read", e);
        }
    }

    @Override
    public boolean exists() {
        return !context().remembered().get().isEmpty();
    }

    @Override
    public boolean storageExists() {
        return true;
    }
}
