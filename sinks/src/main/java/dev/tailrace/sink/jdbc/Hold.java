package dev.tailrace.sink.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tailrace.event.TableId;
import dev.tailrace.sink.HeldTable;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code tailrace_schema} says of a table that is held back.
 *
 * @param after frame up to which everything of the table is written
 * @param skip how many of its changes behind that frame are written too
 * @param checkpoint the target's when this was written: one that is lower now was put back by somebody, and so is the hold
 * @param approved number of the newest shape that may be followed; 0 when none
 * @param wanted number of the shape that it waits for
 * @param version of that shape
 */
record Hold(
        TableId table,
        String journal,
        long after,
        long skip,
        long checkpoint,
        int approved,
        int wanted,
        int version,
        String code,
        String reason,
        List<String> plan,
        long sinceMicros) {
    Hold {
        plan = List.copyOf(plan);
    }

    boolean isApproved() {
        return approved >= wanted;
    }

    Hold approve() {
        return new Hold(
                table, journal, after, skip, checkpoint, wanted, wanted, version, code, reason, plan, sinceMicros);
    }

    /**
     * At another place.
     *
     * @param written how many changes behind the frame are
     * @param now the target's checkpoint
     */
    Hold at(long frame, long written, long now) {
        return new Hold(
                table, journal, frame, written, now, approved, wanted, version, code, reason, plan, sinceMicros);
    }

    /** At the same place, for another reason. */
    Hold again(int shape, int itsVersion, String itsCode, String itsReason, List<String> itsPlan) {
        return new Hold(
                table,
                journal,
                after,
                skip,
                checkpoint,
                0,
                shape,
                itsVersion,
                itsCode,
                itsReason,
                itsPlan,
                sinceMicros);
    }

    HeldTable told() {
        return new HeldTable(table, after, isApproved(), code, reason, plan, sinceMicros);
    }

    String toJson() {
        ObjectNode root = AppliedShape.object()
                .put("journal", journal)
                .put("after", after)
                .put("skip", skip)
                .put("checkpoint", checkpoint)
                .put("approved", approved)
                .put("wanted", wanted)
                .put("version", version)
                .put("code", code)
                .put("reason", reason)
                .put("since", sinceMicros);
        ArrayNode statements = root.putArray("plan");
        plan.forEach(statements::add);
        return AppliedShape.write(root);
    }

    static Hold fromJson(TableId table, String json) {
        JsonNode root = AppliedShape.read(json);
        List<String> plan = new ArrayList<>();
        root.path("plan").forEach(s -> plan.add(s.asText()));
        return new Hold(
                table,
                root.path("journal").asText(),
                root.path("after").asLong(),
                root.path("skip").asLong(),
                root.path("checkpoint").asLong(),
                root.path("approved").asInt(),
                root.path("wanted").asInt(),
                root.path("version").asInt(),
                root.path("code").asText(),
                root.path("reason").asText(),
                plan,
                root.path("since").asLong());
    }
}
