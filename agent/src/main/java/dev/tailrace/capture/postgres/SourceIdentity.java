package dev.tailrace.capture.postgres;

import dev.tailrace.event.TableId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the journal remembers of the source it was filled from, as the map of its start marker, for the checks of the next
 * start (I9).
 *
 * @param system the server's system identifier
 * @param timeline of its log
 * @param database captured
 * @param slot it was read through
 * @param publication number of the publication
 * @param tables captured, each with the number of its membership in the publication (0 when it is for all tables)
 */
record SourceIdentity(
        String system, int timeline, String database, String slot, long publication, Map<TableId, Long> tables) {

    static SourceIdentity of(PostgresSettings settings, SourceState state) {
        Map<TableId, Long> tables = new TreeMap<>();
        for (SourceState.Table table : state.tables()) {
            tables.put(
                    table.id(),
                    state.member(table.id()).map(SourceState.Member::id).orElse(0L));
        }
        return new SourceIdentity(
                state.system(),
                state.timeline(),
                settings.database(),
                settings.slot(),
                state.publication().map(SourceState.Publication::id).orElse(0L),
                tables);
    }

    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("system", system);
        map.put("timeline", Integer.toString(timeline));
        map.put("database", database);
        map.put("slot", slot);
        map.put("publication", Long.toString(publication));
        StringBuilder lines = new StringBuilder();
        tables.forEach((table, member) -> lines.append(member)
                .append('\t')
                .append(escape(table.schema()))
                .append('\t')
                .append(escape(table.table()))
                .append('\n'));
        map.put("tables", lines.toString());
        return map;
    }

    /** Empty for a journal that was never started. */
    static Optional<SourceIdentity> of(Map<String, String> map) {
        if (!map.containsKey("system")) {
            return Optional.empty();
        }
        Map<TableId, Long> tables = new TreeMap<>();
        map.getOrDefault("tables", "").lines().forEach(line -> {
            String[] parts = line.split("\t", 3);
            tables.put(new TableId(unescape(parts[1]), unescape(parts[2])), Long.parseLong(parts[0]));
        });
        return Optional.of(new SourceIdentity(
                map.get("system"),
                Integer.parseInt(map.getOrDefault("timeline", "0")),
                map.getOrDefault("database", ""),
                map.getOrDefault("slot", ""),
                Long.parseLong(map.getOrDefault("publication", "0")),
                tables));
    }

    private static String escape(String name) {
        return name.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescape(String name) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                i++;
                char escaped = name.charAt(i);
                result.append(escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
