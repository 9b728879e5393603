package dev.tailrace.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The result of the demonstration as one JSON object. */
final class DemoJson {
    private DemoJson() {}

    /** {@code verified, rows, tables, differences, changes, archived_lines, received_ids, deliveries, wrong}. */
    static String of(Judge.Verdict verdict) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("verified", verdict.differences() == 0);
        json.put("rows", verdict.warehouse().rows());
        json.put("tables", verdict.warehouse().tables());
        json.put("differences", verdict.differences());
        json.put("changes", verdict.changes());
        json.put("archived_lines", verdict.lines());
        json.put("received_ids", verdict.received());
        json.put("deliveries", verdict.deliveries());
        ArrayNode wrong = json.putArray("wrong");
        verdict.wrong().forEach(wrong::add);
        return json.toString();
    }
}
