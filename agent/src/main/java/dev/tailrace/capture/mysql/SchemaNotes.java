package dev.tailrace.capture.mysql;

import dev.tailrace.journal.SourceOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes of schemas between the engine's log thread, which records them the moment it reads them, and the polling thread,
 * which journals each of them together with the first position behind it. Kept in memory only: what is not journaled when
 * the agent dies is read from the log once more. Thread-safe.
 */
final class SchemaNotes {
    /** Keys of what is remembered as of the end of the journal, forced or not. */
    private final Set<String> remembered;

    private final Deque<SchemaNote> pending = new ArrayDeque<>();
    private volatile boolean any;

    /** @param journaled keys of what is remembered as of the journal's end, at which nothing is unforced now */
    SchemaNotes(Set<String> journaled) {
        this.remembered = new HashSet<>(journaled);
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
        changes.forEach((key, text) -> {
            if (text.isPresent()) {
                remembered.add(key);
            } else {
                remembered.remove(key);
            }
        });
        any = !pending.isEmpty();
        return changes;
    }

    private void apply(SchemaNote note, Map<String, Optional<String>> changes) {
        note.dropped().ifPresent(database -> {
            String tables = SchemaNote.TABLE + "\"" + database.replace("\"", "\"\"") + "\".";
            Map<String, Optional<String>> gone = new TreeMap<>();
            remembered.forEach(key -> gone.put(key, Optional.empty()));
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
        remembered.clear();
        remembered.addAll(all.keySet());
        return all;
    }
}
