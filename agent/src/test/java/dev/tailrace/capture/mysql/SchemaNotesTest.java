package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.SourcePosition;
import dev.tailrace.journal.SourceOffset;
import io.debezium.document.DocumentReader;
import io.debezium.relational.history.HistoryRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a restart needs of a change of schemas, and when it belongs to what is remembered at a place of the log. */
class SchemaNotesTest {
    private static final String UUID = "aaaaaaaa-0000-0000-0000-000000000001";

    private SchemaNotes notes = new SchemaNotes(Set.of());

    private static SchemaNote of(String position, String rest) throws Exception {
        return SchemaNote.of(
                new HistoryRecord(
                        DocumentReader.defaultReader().read("{\"position\": {" + position + "}, " + rest + "}")),
                "my-x");
    }

    private static String place(long position, @Nullable String gtids, boolean inside) {
        return "\"file\": \"binlog.000003\", \"pos\": " + position
                + (gtids == null ? "" : ", \"gtids\": \"" + UUID + ":" + gtids + "\"")
                + (inside ? ", \"event\": 2" : "");
    }

    private static String created(String table) {
        return "\"ddl\": \"CREATE TABLE x\", \"databaseName\": \"shop\", \"tableChanges\": [{\"type\": \"CREATE\","
                + " \"id\": \"\\\"shop\\\".\\\"" + table + "\\\"\", \"table\": {\"columns\": []}}]";
    }

    private static SourceOffset restart(String file, long position, @Nullable String gtids) {
        Map<String, Object> engine = new HashMap<>(Map.of("file", file, "pos", position));
        if (gtids != null) {
            engine.put("gtids", UUID + ":" + gtids);
        }
        return BinlogOffset.of("my-x", engine, null, LogBirths.unknown());
    }

    private static String key(String table) {
        return "t:\"shop\".\"" + table + "\"";
    }

    @Test
    void withoutGtidsTheStreamDecidesByPlace() throws Exception {
        SchemaNote note = of(place(500, null, false), created("a"));
        assertThat(note.place()).isEqualTo(new SourcePosition("my-x", 3, 500));
        assertThat(note.isBefore(restart("binlog.000003", 499, null))).isFalse();
        assertThat(note.isBefore(restart("binlog.000003", 500, null))).isTrue();
        assertThat(note.isBefore(restart("binlog.000002", 900, null))).isFalse();
        assertThat(note.isBefore(restart("binlog.000004", 4, null))).isTrue();
    }

    /** CREATE TABLE ... SELECT: its place is that of its transaction's beginning, which the server sends again. */
    @Test
    void insideATransactionItsBeginningStillBringsTheNote() throws Exception {
        SchemaNote note = of(place(500, null, true), created("a"));
        assertThat(note.isBefore(restart("binlog.000003", 500, null))).isFalse();
        assertThat(note.isBefore(restart("binlog.000003", 501, null))).isTrue();
        SchemaNote numbered = of(place(500, "1-4", true), created("a"));
        assertThat(numbered.isBefore(restart("binlog.000003", 500, "1-4"))).isFalse();
        assertThat(numbered.isBefore(restart("binlog.000003", 500, "1-5"))).isTrue();
    }

    @Test
    void withGtidsTheNumbersDecideWhateverTheFile() throws Exception {
        SchemaNote note = of(place(500, "1-4", false), created("a"));
        assertThat(note.isBefore(restart("binlog.000009", 4, "1-4"))).isFalse();
        assertThat(note.isBefore(restart("binlog.000001", 4, "1-5"))).isTrue();
        assertThat(note.isBefore(restart("binlog.000009", 4, "1-3"))).isFalse();
        // one of both has no numbers: the place counts
        assertThat(note.isBefore(restart("binlog.000003", 500, null))).isTrue();
        assertThat(note.isBefore(restart("binlog.000003", 499, null))).isFalse();
    }

    @Test
    void takesWhatIsBehindAndLeavesTheRestInOrder() throws Exception {
        assertThat(notes.any()).isFalse();
        notes.add(of(place(100, "1", false), created("a")));
        notes.add(of(place(200, "1-2", false), created("b")));
        notes.add(of(place(300, "1-3", false), created("c")));
        assertThat(notes.before(restart("binlog.000003", 90, "1"))).isEmpty();
        assertThat(notes.before(restart("binlog.000003", 300, "1-3"))).containsOnlyKeys(key("a"), key("b"));
        assertThat(notes.any()).isTrue();
        assertThat(notes.before(restart("binlog.000003", 300, "1-3"))).isEmpty();
        assertThat(notes.before(restart("binlog.000003", 400, "1-4"))).containsOnlyKeys(key("c"));
        assertThat(notes.any()).isFalse();
    }

    @Test
    void aRenameForgetsTheOldNameAndADropTheTable() throws Exception {
        notes.add(of(place(100, null, false), created("a")));
        notes.add(of(
                place(200, null, false),
                "\"tableChanges\": [{\"type\": \"ALTER\", \"id\": \"\\\"shop\\\".\\\"b\\\"\","
                        + " \"previousId\": \"\\\"shop\\\".\\\"a\\\"\", \"table\": {\"columns\": [{\"name\": \"x\"}]}},"
                        + " {\"type\": \"DROP\", \"id\": \"\\\"shop\\\".\\\"c\\\"\"}]"));
        Map<String, Optional<String>> changes = notes.before(restart("binlog.000003", 200, null));
        assertThat(changes).containsOnlyKeys(key("a"), key("b"), key("c"));
        assertThat(changes.get(key("a"))).isEmpty();
        assertThat(changes.get(key("c"))).isEmpty();
        // the shape is remembered as that of a new table: a restart has no older one to change
        assertThat(changes.get(key("b")).orElseThrow()).contains("\"CREATE\"", "\"columns\"", "\"x\"");
    }

    @Test
    void aDroppedDatabaseTakesItsTablesWithItAndNoOthers() throws Exception {
        notes = new SchemaNotes(Set.of(key("old"), "t:\"shop2\".\"old\"", "d:shop"));
        notes.add(of(place(100, null, false), created("fresh")));
        notes.add(of(place(200, null, false), "\"ddl\": \"/* x */ drop schema shop\", \"databaseName\": \"shop\""));
        notes.add(of(
                place(300, null, false),
                "\"ddl\": \"CREATE DATABASE shop CHARACTER SET latin1\", \"databaseName\": \"shop\""));
        notes.add(of(place(400, null, false), created("again")));
        Map<String, Optional<String>> changes = notes.before(restart("binlog.000003", 400, null));
        assertThat(changes).containsOnlyKeys(key("old"), key("fresh"), key("again"), "d:shop");
        assertThat(changes.get(key("old"))).isEmpty();
        assertThat(changes.get(key("fresh"))).isEmpty();
        assertThat(changes.get(key("again"))).isPresent();
        assertThat(changes.get("d:shop")).contains("CREATE DATABASE shop CHARACTER SET latin1");
    }

    /** What has been handed over is in the journal or will be, long before anybody sees it there. */
    @Test
    void aDroppedDatabaseTakesTablesWithItThatAreNotForcedYet() throws Exception {
        notes.add(of(place(100, null, false), created("a")));
        notes.add(of(place(110, null, false), created("b")));
        assertThat(notes.before(restart("binlog.000003", 150, null))).containsOnlyKeys(key("a"), key("b"));
        notes.add(of(
                place(200, null, false),
                "\"tableChanges\": [{\"type\": \"DROP\", \"id\": \"\\\"shop\\\".\\\"b\\\"\"}]"));
        assertThat(notes.before(restart("binlog.000003", 250, null))).containsOnlyKeys(key("b"));
        notes.add(of(place(300, null, false), "\"ddl\": \"DROP DATABASE shop\", \"databaseName\": \"shop\""));
        notes.add(of(place(310, null, false), "\"ddl\": \"CREATE DATABASE shop\", \"databaseName\": \"shop\""));
        notes.add(of(place(320, null, false), created("c")));
        Map<String, Optional<String>> changes = notes.before(restart("binlog.000003", 400, null));
        assertThat(changes).containsOnlyKeys(key("a"), key("c"), "d:shop");
        assertThat(changes.get(key("a"))).isEmpty();
        assertThat(changes.get(key("c"))).isPresent();
    }

    @Test
    void aDroppedDatabaseTakesTablesOfTheSnapshotWithIt() throws Exception {
        notes.add(of(place(100, null, false) + ", \"snapshot\": true", created("a")));
        assertThat(notes.ofSnapshot()).containsOnlyKeys(key("a"));
        notes.add(of(place(200, null, false), "\"ddl\": \"DROP DATABASE shop\", \"databaseName\": \"shop\""));
        assertThat(notes.before(restart("binlog.000003", 400, null)).get(key("a")))
                .isEmpty();
    }

    /** Also when it was made again with a table of the same name. */
    @Test
    void aTableMadeBehindTheDropStays() throws Exception {
        notes = new SchemaNotes(Set.of(key("a")));
        notes.add(of(place(200, null, false), "\"ddl\": \"DROP DATABASE shop\", \"databaseName\": \"shop\""));
        notes.add(of(place(400, null, false), created("a")));
        assertThat(notes.before(restart("binlog.000003", 400, null)).get(key("a")))
                .isPresent();
    }

    @Test
    void remembersDefaultsOfTheServerAndNothingElseOfStatements() throws Exception {
        notes.add(of(place(100, null, false), "\"ddl\": \"SET character_set_server=utf8mb4\", \"databaseName\": \"\""));
        notes.add(of(place(200, null, false), "\"ddl\": \"CREATE VIEW v AS SELECT 1\", \"databaseName\": \"shop\""));
        notes.add(of(place(300, null, false), "\"databaseName\": \"shop\""));
        assertThat(notes.before(restart("binlog.000003", 400, null))).containsOnlyKeys("s:");
    }

    @Test
    void ofASnapshotRemembersTheLastStateOnly() throws Exception {
        String snapshot = ", \"snapshot\": true";
        notes.add(of(place(100, null, false) + snapshot, created("a")));
        notes.add(of(
                place(100, null, false) + snapshot,
                "\"tableChanges\": [{\"type\": \"DROP\", \"id\": \"\\\"shop\\\".\\\"a\\\"\"}]"));
        notes.add(of(place(100, null, false) + snapshot, created("b")));
        notes.add(of(place(200, null, false), created("c")));
        assertThat(notes.ofSnapshot()).containsOnlyKeys(key("b"));
        assertThat(notes.any()).isTrue();
        assertThat(notes.before(restart("binlog.000003", 200, null))).containsOnlyKeys(key("c"));
    }

    @Test
    void tellsTheTableOfAKey() {
        assertThat(SchemaNote.table("t:\"shop\".\"odd \"\"name\""))
                .contains(new dev.tailrace.event.TableId("shop", "odd \"name"));
        assertThat(SchemaNote.table("d:shop")).isEmpty();
        assertThat(SchemaNote.table("s:")).isEmpty();
    }
}
