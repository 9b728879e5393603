package dev.tailrace.sink;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads changes in the form of {@link EventJson} back, as a consumer would. */
public final class JsonChanges {
    private JsonChanges() {}

    /** Applies one change in the form of EventJson. */
    public static void fold(Contents contents, JsonNode change) {
        TableId table = new TableId(
                change.get("schema").textValue(), change.get("table").textValue());
        switch (change.get("op").textValue()) {
            case "t" -> contents.truncate(table);
            case "d" -> contents.remove(table, key(change.get("key"), change.get("before")));
            default -> {
                JsonNode after = change.get("after");
                List<String> key = key(change.get("key"), after);
                JsonNode before = change.get("before");
                if (before != null && change.get("key").isObject()) {
                    List<String> names = new ArrayList<>();
                    change.get("key").fieldNames().forEachRemaining(names::add);
                    List<String> old =
                            names.stream().map(n -> text(before.get(n))).toList();
                    if (!old.equals(key)) {
                        contents.rename(table, old, key);
                    }
                }
                Map<String, String> present = new TreeMap<>();
                after.fields().forEachRemaining(f -> present.put(f.getKey(), text(f.getValue())));
                contents.put(table, key, present);
            }
        }
    }

    private static List<String> key(JsonNode key, JsonNode image) {
        List<String> texts = new ArrayList<>();
        if (key.isObject()) {
            key.elements().forEachRemaining(v -> texts.add(text(v)));
        } else {
            texts.add(text(image.elements().next()));
        }
        return texts;
    }

    private static String text(JsonNode value) {
        return value.isNull() ? null : value.asText();
    }
}
