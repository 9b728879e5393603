package dev.tailrace.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.deadletter.DeadLetterDesk;
import dev.tailrace.deadletter.DeadLetterDesk.Entry;
import dev.tailrace.deadletter.DeadLetterDesk.Filter;
import dev.tailrace.deadletter.DeadLetterException;
import dev.tailrace.deadletter.Refusal;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.sink.EventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints what {@code dlq} found, for people or as JSON. */
final class DlqReport {
    private final PrintStream out;
    private final boolean json;

    DlqReport(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    private record LetterJson(
            String letter,
            String eventId,
            String table,
            List<String> key,
            String operation,
            long sequence,
            String committedAt,
            @Nullable String waitsFor,
            String state,
            int attempts,
            @Nullable Refusal error,
            long waiting) {}

    private record OrderJson(String at, String sink, String operator, String action, String eventId, String reason) {}

    int list(Map<String, DeadLetterDesk> desks, Filter filter) throws DeadLetterException {
        List<LetterJson> letters = new ArrayList<>();
        for (Map.Entry<String, DeadLetterDesk> desk : desks.entrySet()) {
            desk.getValue().read(filter, (entry, event) -> letters.add(letter(desk.getKey(), entry, event)));
        }
        if (json) {
            out.println(StatusJson.pretty(Map.of("letters", letters)));
        } else if (letters.isEmpty()) {
            out.println("nothing was refused");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("CHANGE", "TABLE", "KEY", "OPERATION", "COMMITTED", "STATE", "TRIES", "WAITING", "ERROR"));
            for (LetterJson letter : letters) {
                Refusal error = letter.error;
                rows.add(List.of(
                        letter.letter,
                        letter.table,
                        String.join(",", letter.key),
                        letter.operation,
                        letter.committedAt,
                        letter.waitsFor == null ? letter.state : "behind " + letter.waitsFor,
                        letter.waitsFor == null ? Integer.toString(letter.attempts) : "",
                        letter.waitsFor == null ? Long.toString(letter.waiting) : "",
                        error == null ? "" : error.code()));
            }
            out.print(Terminal.table(rows));
        }
        return ExitCode.DONE;
    }

    private static LetterJson letter(String sink, Entry entry, ChangeEvent event) {
        Row image = event.after() != null ? event.after() : event.before();
        return new LetterJson(
                sink + "/" + entry.number(),
                entry.eventId(),
                entry.table(),
                image == null || !event.schema().hasKey() ? List.of() : EventJson.keyTexts(image),
                event.operation().name().toLowerCase(java.util.Locale.ROOT),
                entry.frame(),
                EventJson.timestampWithZone(entry.commitMicros()),
                entry.waitsFor() == null ? null : sink + "/" + entry.waitsFor(),
                entry.state().label(),
                entry.attempts(),
                entry.refusal(),
                entry.waiting());
    }

    /** @param correction what is shown of a change is what this makes of it */
    int show(DeadLetterDesk desk, Filter filter, DeadLetterDesk.Correction<Failure> correction)
            throws DeadLetterException, Failure {
        List<Entry> entries = new ArrayList<>();
        List<ChangeEvent> events = new ArrayList<>();
        desk.read(filter, (entry, event) -> {
            entries.add(entry);
            events.add(event);
        });
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            ChangeEvent event = correction.of(events.get(i));
            Refusal error = entry.refusal();
            if (!json) {
                shown.add(entry.table() + " " + event.operation() + ", id " + entry.eventId() + ", committed "
                        + EventJson.timestampWithZone(entry.commitMicros()) + ", frame " + entry.frame());
                shown.add(
                        error == null
                                ? "waits behind change " + entry.waitsFor()
                                : entry.state().label() + " after " + entry.attempts() + " tries: " + error.code()
                                        + ": " + error.message() + "\n  " + error.remedy());
            }
            shown.add(values(event, entry));
        }
        if (shown.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILED,
                    "DLQ-UNKNOWN",
                    "there is no such change",
                    "tailrace dlq list --waiting shows what is there.",
                    null);
        }
        shown.forEach(out::println);
        return ExitCode.DONE;
    }

    int export(Map<String, DeadLetterDesk> desks, Filter filter) throws DeadLetterException {
        for (DeadLetterDesk desk : desks.values()) {
            desk.read(filter, (entry, event) -> out.println(values(event, entry)));
        }
        return ExitCode.DONE;
    }

    /** The change as the file sink writes it, on one line. */
    private static String values(ChangeEvent event, Entry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = EventJson.generator(bytes)) {
            generator.writeStartObject();
            EventJson.change(generator, event, entry.transaction(event));
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    int ordered(String what, Map<String, List<Long>> letters) {
        List<String> names = new ArrayList<>();
        letters.forEach((sink, numbers) -> numbers.forEach(number -> names.add(sink + "/" + number)));
        if (json) {
            out.println(StatusJson.pretty(Map.of("letters", names)));
        } else if (names.isEmpty()) {
            out.println("nothing was refused");
        } else {
            names.forEach(name -> out.println(name + " " + what));
        }
        return ExitCode.DONE;
    }

    int audit(Map<String, DeadLetterDesk> desks) throws DeadLetterException {
        List<OrderJson> orders = new ArrayList<>();
        for (Map.Entry<String, DeadLetterDesk> desk : desks.entrySet()) {
            for (DeadLetterDesk.Order order : desk.getValue().orders()) {
                orders.add(new OrderJson(
                        EventJson.timestampWithZone(order.atMicros()),
                        desk.getKey(),
                        order.operator(),
                        order.action(),
                        order.eventId(),
                        order.reason()));
            }
        }
        if (json) {
            out.println(StatusJson.pretty(Map.of("orders", orders)));
        } else if (orders.isEmpty()) {
            out.println("no order was given");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("AT", "SINK", "OPERATOR", "ORDER", "CHANGE", "REASON"));
            orders.forEach(o -> rows.add(List.of(o.at, o.sink, o.operator, o.action, o.eventId, o.reason)));
            out.print(Terminal.table(rows));
        }
        return ExitCode.DONE;
    }
}
