package dev.tailrace.capture.mysql;

import dev.tailrace.event.TableId;
import io.debezium.document.Array;
import io.debezium.document.Document;
import io.debezium.document.DocumentReader;
import io.debezium.document.DocumentWriter;
import io.debezium.document.Value;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of tables as they are remembered, with one thing more than the engine has in them: what the statements that
 * added columns say of the rows that were there before. It travels and is journaled with the shape, because nothing tells
 * it any more when the first row of the new shape comes (I7). Owned by one thread.
 */
final class TableTexts {
    private static final String BIRTHS = "tailraceBirths";

    private final Map<String, String> texts;

    /** @param remembered by key, as {@link SchemaNote} has them */
    TableTexts(Map<String, String> remembered) {
        texts = new TreeMap<>(remembered);
    }

    void apply(Map<String, Optional<String>> changes) {
        changes.forEach((key, text) -> {
            texts.remove(key);
            text.ifPresent(present -> texts.put(key, present));
        });
    }

    /** What is known of the columns that this table got, by name. */
    Map<String, ColumnBirth> births(TableId table) {
        Map<String, ColumnBirth> births = new HashMap<>();
        texts.forEach((key, text) -> {
            if (SchemaNote.table(key).filter(table::equals).isPresent()) {
                Document told = read(text).getDocument(BIRTHS);
                if (told != null) {
                    told.forEach(field -> births.put(
                            field.getName().toString(),
                            ColumnBirth.read(field.getValue().asDocument())));
                }
            }
        });
        return births;
    }

    /**
     * A note with what its statement says of added columns, and what is known of those that came before.
     *
     * @param ddl the statement
     */
    SchemaNote completed(SchemaNote note, String ddl) {
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        Map<String, ColumnBirth> added = note.snapshot() ? Map.of() : AddedDefinitions.of(ddl);
        // of a table that got another name the old one is forgotten in the same note
        String renamed = note.changes().entrySet().stream()
                .filter(change -> change.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        note.changes().forEach((key, text) -> {
            String before = texts.getOrDefault(key, texts.get(renamed));
            boolean known = key.startsWith(SchemaNote.TABLE) && text.isPresent() && before != null;
            changes.put(key, known ? Optional.of(completed(text.get(), before, added)) : text);
        });
        apply(changes);
        return new SchemaNote(note.snapshot(), note.gtids(), note.place(), note.inside(), changes, note.dropped());
    }

    private static String completed(String text, @Nullable String before, Map<String, ColumnBirth> added) {
        if (before == null) {
            return text;
        }
        Document now = read(text);
        Document then = read(before);
        Set<String> known = columns(then);
        Document old = then.getDocument(BIRTHS);
        Document births = Document.create();
        for (String column : columns(now)) {
            if (!known.contains(column)) {
                ColumnBirth birth = added.get(column);
                births.setDocument(column, (birth != null ? birth : ColumnBirth.read(null)).toDocument());
            } else if (old != null && old.getDocument(column) != null) {
                births.setDocument(column, old.getDocument(column));
            }
        }
        if (births.isEmpty()) {
            return text;
        }
        now.setDocument(BIRTHS, births);
        return write(now);
    }

    private static Set<String> columns(Document shape) {
        Set<String> names = new HashSet<>();
        Document table = shape.getDocument("table");
        Array columns = table == null ? null : table.getArray("columns");
        if (columns != null) {
            columns.streamValues().map(Value::asDocument).forEach(column -> names.add(column.getString("name")));
        }
        return names;
    }

    private static Document read(String text) {
        try {
            return DocumentReader.defaultReader().read(text);
        } catch (IOException e) {
            throw new IllegalStateException("the shape of a table in the journal cannot be read", e);
        }
    }

    private static String write(Document document) {
        try {
            return DocumentWriter.defaultWriter().write(document);
        } catch (IOException e) {
            throw new IllegalStateException("the shape of a table could not be written", e);
        }
    }
}
