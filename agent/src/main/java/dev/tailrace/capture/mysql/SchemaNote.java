package dev.tailrace.capture.mysql;

import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.journal.SourceOffset;
import io.debezium.document.Array;
import io.debezium.document.Document;
import io.debezium.document.DocumentWriter;
import io.debezium.document.Value;
import io.debezium.relational.history.HistoryRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One change of schemas as the engine records it, reduced to what a restart needs: the whole shape of each table that it
 * touched, or the statement itself where it sets a default that later statements depend on.
 *
 * <p>Keys: {@code t:<table>} a table's shape, {@code d:<database>} the defaults of a database, {@code s:} those of the
 * server.
 *
 * @param snapshot whether it was recorded while a snapshot was taken
 * @param gtids executed before it, null without GTIDs
 * @param place file and position behind it, of its transaction's beginning when it is inside one
 * @param inside whether it is part of a transaction (CREATE TABLE ... SELECT)
 * @param changes by key; empty where the key is forgotten
 * @param dropped a database that is gone with all its tables
 */
record SchemaNote(
        boolean snapshot,
        @Nullable Gtids gtids,
        SourcePosition place,
        boolean inside,
        Map<String, Optional<String>> changes,
        Optional<String> dropped) {
    static final String TABLE = "t:";
    static final String DATABASE = "d:";
    static final String SERVER = "s:";

    private static final Pattern TABLE_KEY = Pattern.compile("t:\"((?:[^\"]|\"\")*)\"\\.\"((?:[^\"]|\"\")*)\"");
    private static final Pattern DATABASE_STATEMENT = Pattern.compile(
            "^(?:/\\*.*?\\*/\\s*)*(CREATE|ALTER|DROP)\\s+(?:DATABASE|SCHEMA)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern SET_STATEMENT =
            Pattern.compile("^\\s*SET\\s.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** The table that a key is about; empty when it is about something else. */
    static Optional<TableId> table(String key) {
        Matcher name = TABLE_KEY.matcher(key);
        return name.matches()
                ? Optional.of(new TableId(
                        name.group(1).replace("\"\"", "\""), name.group(2).replace("\"\"", "\"")))
                : Optional.empty();
    }

    /** @param source of positions */
    static SchemaNote of(HistoryRecord record, String source) {
        Document document = record.document();
        Document position = document.getDocument(HistoryRecord.Fields.POSITION);
        String gtids = position.getString(BinlogOffset.GTIDS);
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        Optional<String> dropped = Optional.empty();
        Array tables = document.getArray(HistoryRecord.Fields.TABLE_CHANGES);
        if (tables != null && !tables.isEmpty()) {
            tables.streamValues().map(Value::asDocument).forEach(change -> table(change, changes));
        } else {
            dropped = statement(document, changes);
        }
        return new SchemaNote(
                position.has("snapshot"),
                gtids == null ? null : Gtids.parse(gtids),
                place(position, source),
                position.has("event"),
                changes,
                dropped);
    }

    private static SourcePosition place(Document position, String source) {
        String file = position.getString(BinlogOffset.FILE);
        Long offset = position.getLong(BinlogOffset.POSITION);
        return new SourcePosition(
                source, file == null || file.isEmpty() ? 0 : BinlogFile.number(file), offset == null ? 0 : offset);
    }

    private static void table(Document change, Map<String, Optional<String>> changes) {
        String id = change.getString("id");
        String previous = change.getString("previousId");
        if (previous != null) {
            changes.put(TABLE + previous, Optional.empty());
        }
        if ("DROP".equals(change.getString("type"))) {
            changes.put(TABLE + id, Optional.empty());
            return;
        }
        Document whole = Document.create();
        whole.setString("type", "CREATE");
        whole.setString("id", id);
        whole.setDocument("table", change.getDocument("table"));
        changes.put(TABLE + id, Optional.of(text(whole)));
    }

    private static String text(Document document) {
        try {
            return DocumentWriter.defaultWriter().write(document);
        } catch (IOException e) {
            throw new IllegalStateException("the shape of a table could not be written", e);
        }
    }

    private static Optional<String> statement(Document document, Map<String, Optional<String>> changes) {
        String ddl = document.getString(HistoryRecord.Fields.DDL_STATEMENTS);
        String database = document.getString(HistoryRecord.Fields.DATABASE_NAME);
        if (ddl == null) {
            return Optional.empty();
        }
        Matcher statement = DATABASE_STATEMENT.matcher(ddl);
        if (statement.matches() && database != null && !database.isEmpty()) {
            boolean drop = statement.group(1).toUpperCase(Locale.ROOT).equals("DROP");
            changes.put(DATABASE + database, drop ? Optional.empty() : Optional.of(ddl));
            return drop ? Optional.of(database) : Optional.empty();
        }
        if ((database == null || database.isEmpty())
                && SET_STATEMENT.matcher(ddl).matches()) {
            changes.put(SERVER, Optional.of(ddl));
        }
        // all other statements without a table change nothing that decoding depends on
        return Optional.empty();
    }

    /**
     * Whether a stream that is read from that offset on no longer brings it: only then does it belong to what is
     * remembered there, so that it is neither applied twice nor missed.
     */
    boolean isBefore(SourceOffset restart) {
        Gtids executed = BinlogOffset.gtids(restart);
        if (gtids != null && executed != null) {
            return executed.contains(gtids) && !gtids.contains(executed);
        }
        return place.isBefore(restart.position()) || (place.equals(restart.position()) && !inside);
    }
}
