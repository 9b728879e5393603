package dev.tailrace.capture.mysql;

import dev.tailrace.journal.SourceOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Changes of schemas between the engine's log thread, which records them the moment it reads them, and the polling thread,
 * which journals each of them together with the first position behind it. Kept in memory only: what is not journaled when
 * the agent dies is read from the log once more. Thread-safe.
 */
final class SchemaNotes {
    private final Supplier<Map<String, String>> journaled;
    private final Deque<SchemaNote> pending = new ArrayDeque<>();
    private volatile boolean any;

    /** @param journaled what is remembered as of the journal's durable end, by key */
    SchemaNotes(Supplier<Map<String, String>> journaled) {
        this.journaled = journaled;
    }

    synchronized void add(SchemaNote note) {
        pending.add(note);
        any = true;
    }

    boolean any() {
        return any;
    }

    /** Takes those that a stream from that offset on no longer brings. */
    synchronized Map<String, Optional<String>> before(SourceOffset restart) {
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        while (!pending.isEmpty() && pending.peek().isBefore(restart)) {
            apply(pending.remove(), changes);
        }
        any = !pending.isEmpty();
        return changes;
    }

    private void apply(SchemaNote note, Map<String, Optional<String>> changes) {
        note.dropped().ifPresent(database -> {
            String tables = SchemaNote.TABLE + "\"" + database.replace("\"", "\"\"") + "\".";
            Map<String, Optional<String>> gone = new TreeMap<>();
            journaled.get().keySet().forEach(key -> gone.put(key, Optional.empty()));
            changes.keySet().forEach(key -> gone.put(key, Optional.empty()));
            gone.keySet().removeIf(key -> !key.startsWith(tables));
            changes.putAll(gone);
        });
        changes.putAll(note.changes());
    }

    /** Takes those that were recorded while the snapshot was taken: all there is to remember. */
    synchronized Map<String, String> ofSnapshot() {
        Map<String, String> all = new TreeMap<>();
        while (!pending.isEmpty() && pending.peek().snapshot()) {
            pending.remove().changes().forEach((key, text) -> {
                all.remove(key);
                text.ifPresent(present -> all.put(key, present));
            });
        }
        any = !pending.isEmpty();
        return all;
    }
}
