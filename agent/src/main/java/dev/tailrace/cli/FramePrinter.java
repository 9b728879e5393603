package dev.tailrace.cli;

import dev.tailrace.admin.StatusJson;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Frame;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints frames, a line each, and their changes when asked; never the values of a row. */
record FramePrinter(PrintStream out, boolean json, boolean events) implements Consumer<Frame> {

    private record Change(String id, String operation, String table) {}

    private record FrameJson(
            long sequence,
            long epoch,
            String kind,
            String position,
            long sourceMicros,
            long bytes,
            int transactions,
            int events,
            @Nullable List<Change> changes) {}

    @Override
    public void accept(Frame frame) {
        List<ChangeEvent> changes = frame.transactions().stream()
                .flatMap(transaction -> transaction.events().stream())
                .toList();
        String kind = frame.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (json) {
            out.println(StatusJson.compact(new FrameJson(
                    frame.sequence(),
                    frame.epoch(),
                    kind,
                    frame.position(),
                    frame.sourceMicros(),
                    frame.bytes(),
                    frame.transactions().size(),
                    changes.size(),
                    events ? changes.stream().map(FramePrinter::change).toList() : null)));
        } else {
            out.println(String.format(
                            Locale.ROOT,
                            "%10d  %-12s  %-24s  %-14s  %s",
                            frame.sequence(),
                            kind,
                            frame.sourceMicros() == 0
                                    ? ""
                                    : Instant.EPOCH
                                            .plus(frame.sourceMicros(), ChronoUnit.MICROS)
                                            .truncatedTo(ChronoUnit.MILLIS),
                            frame.position(),
                            summary(frame, changes))
                    .stripTrailing());
            if (events) {
                changes.forEach(event -> out.println("            " + operation(event) + "  " + event.table() + "  "
                        + event.id().toString()));
            }
        }
    }

    private static String summary(Frame frame, List<ChangeEvent> changes) {
        if (frame.transactions().isEmpty()) {
            return "";
        }
        Map<String, Long> byTable = changes.stream()
                .collect(Collectors.groupingBy(e -> e.table().toString(), TreeMap::new, Collectors.counting()));
        String ids = frame.transactions().stream().map(Transaction::id).limit(3).collect(Collectors.joining(","));
        return frame.transactions().size() + " tx " + ids
                + (frame.transactions().size() > 3 ? ",..." : "") + "  "
                + byTable.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static Change change(ChangeEvent event) {
        return new Change(event.id().toString(), operation(event), event.table().toString());
    }

    private static String operation(ChangeEvent event) {
        return event.operation().name().toLowerCase(Locale.ROOT);
    }
}
