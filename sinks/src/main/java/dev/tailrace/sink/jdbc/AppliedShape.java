package dev.tailrace.sink.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest shape of a source table that its table at the target was made fit for. It never moves back: a shape from
 * before it, in a replay or a second delivery, finds the target as it is.
 *
 * @param journal identity of the journal that numbered the shape
 * @param ignored columns that were left out by policy
 * @param filled columns whose default at the target Tailrace made
 * @param renames columns that got another name at the target, in that order
 */
record AppliedShape(String journal, TableSchema schema, Set<String> ignored, Set<String> filled, List<Rename> renames) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A column renamed at the target.
     *
     * @param since number of the first shape that has the new name
     */
    record Rename(int since, String from, String to) {}

    AppliedShape {
        ignored = Set.copyOf(ignored);
        filled = Set.copyOf(filled);
        renames = List.copyOf(renames);
    }

    static AppliedShape first(String journal, TableSchema schema) {
        return new AppliedShape(journal, schema, Set.of(), Set.of(), List.of());
    }

    /** The same for a shape that differs in its number alone. */
    AppliedShape confirmed(String nowOf, TableSchema same) {
        return new AppliedShape(nowOf, same, ignored, filled, renames);
    }

    /**
     * What the target is made fit for when a plan was run.
     *
     * @param table as it is now, empty when it is gone
     */
    AppliedShape follow(String nowOf, SchemaPlan plan, Optional<TargetTable> table) {
        TableSchema to = plan.to();
        Set<String> left = new LinkedHashSet<>(plan.ignoredColumns());
        ignored.stream().filter(c -> to.indexOf(c) >= 0).forEach(left::add);
        List<Rename> names = new ArrayList<>();
        if (journal.equals(nowOf)) {
            names.addAll(renames);
        }
        for (SchemaPlan.Step step : plan.steps()) {
            String name = step.change().column();
            step.change()
                    .previous()
                    .filter(before -> table.flatMap(t -> t.column(name)).isPresent()
                            && table.flatMap(t -> t.column(before)).isEmpty())
                    .ifPresent(before -> names.add(new Rename(to.id(), before, name)));
        }
        return new AppliedShape(nowOf, to, left, filled(to, table), names);
    }

    private Set<String> filled(TableSchema to, Optional<TargetTable> table) {
        Set<String> names = new LinkedHashSet<>(filled);
        names.addAll(to.existing().keySet());
        names.removeIf(name -> to.indexOf(name) < 0
                || !table.flatMap(t -> t.column(name))
                        .map(TargetColumn::hasDefault)
                        .orElse(false));
        return names;
    }

    /** Whether that shape was there before this one. Numbers of another journal say nothing. */
    boolean isNewerThan(String ofJournal, TableSchema other) {
        return journal.equals(ofJournal) && other.id() < schema.id();
    }

    /** Where the columns of a shape are, which is this one or an older one. */
    ColumnNames names(String ofJournal, TableSchema shape, TargetTable table) {
        boolean older = isNewerThan(ofJournal, shape);
        Map<String, String> renamed = new LinkedHashMap<>();
        Set<String> leftOut = new LinkedHashSet<>();
        for (Column column : shape.columns()) {
            String name = column.name();
            for (Rename rename : older ? renames : List.<Rename>of()) {
                if (shape.id() < rename.since && name.equals(rename.from)) {
                    name = rename.to;
                }
            }
            if (!name.equals(column.name())) {
                renamed.put(column.name(), name);
            }
            if (table.column(name).isEmpty() && (older || ignored.contains(column.name()))) {
                leftOut.add(column.name());
            }
        }
        return new ColumnNames(renamed, leftOut);
    }

    String toJson() {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("id", schema.id()).put("version", schema.version());
        root.put("schema", schema.table().schema()).put("table", schema.table().table());
        ArrayNode columns = root.putArray("columns");
        for (Column column : schema.columns()) {
            ObjectNode node = columns.addObject()
                    .put("name", column.name())
                    .put("type", column.sourceType())
                    .put("length", column.length())
                    .put("scale", column.scale())
                    .put("nullable", column.nullable())
                    .put("value", column.valueType().name());
            ValueType element = column.elementType();
            if (element != null) {
                node.put("element", element.name());
            }
        }
        ArrayNode key = root.putArray("key");
        schema.key().forEach(key::add);
        ArrayNode left = root.putArray("ignored");
        ignored.forEach(left::add);
        ArrayNode defaults = root.putArray("filled");
        filled.stream().sorted().forEach(defaults::add);
        ArrayNode names = root.putArray("renames");
        renames.forEach(
                r -> names.addObject().put("since", r.since).put("from", r.from).put("to", r.to));
        return write(root);
    }

    /** @throws IllegalArgumentException when it is not what {@link #toJson} wrote */
    static AppliedShape fromJson(String journal, String json) {
        JsonNode root = read(json);
        List<Column> columns = new ArrayList<>();
        for (JsonNode node : root.path("columns")) {
            JsonNode element = node.get("element");
            @Nullable ValueType elementType = element == null ? null : ValueType.valueOf(element.asText());
            columns.add(new Column(
                    node.path("name").asText(),
                    node.path("type").asText(),
                    node.path("length").asInt(),
                    node.path("scale").asInt(),
                    node.path("nullable").asBoolean(),
                    ValueType.valueOf(node.path("value").asText()),
                    elementType));
        }
        List<Integer> key = new ArrayList<>();
        root.path("key").forEach(k -> key.add(k.asInt()));
        Set<String> ignored = new LinkedHashSet<>();
        root.path("ignored").forEach(i -> ignored.add(i.asText()));
        Set<String> filled = new LinkedHashSet<>();
        root.path("filled").forEach(f -> filled.add(f.asText()));
        List<Rename> renames = new ArrayList<>();
        for (JsonNode node : root.path("renames")) {
            renames.add(new Rename(
                    node.path("since").asInt(),
                    node.path("from").asText(),
                    node.path("to").asText()));
        }
        TableSchema schema = new TableSchema(
                root.path("id").asInt(),
                new TableId(root.path("schema").asText(), root.path("table").asText()),
                root.path("version").asInt(),
                columns,
                key);
        return new AppliedShape(journal, schema, ignored, filled, renames);
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a shape cannot be written as JSON", e);
        }
    }

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not what Tailrace wrote: " + e.getOriginalMessage(), e);
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
