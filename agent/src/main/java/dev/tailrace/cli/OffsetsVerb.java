package dev.tailrace.cli;

import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.AgentConfiguration;
import dev.tailrace.agent.SinkConfiguration;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import dev.tailrace.journal.SourceOffset;
import dev.tailrace.pipeline.StoredCheckpoints;
import dev.tailrace.pipeline.StoredCheckpoints.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code tailrace offsets}: how far journal and sinks are, in the source's own words. */
final class OffsetsVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Override
    public String name() {
        return "offsets";
    }

    @Override
    public String summary() {
        return "show how far journal and sinks are, in the source's own words";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace offsets [-c FILE] [--json]

                For the journal, where the source would be read on after a crash: a position in PostgreSQL's
                write-ahead log, file and offset and GTIDs of MySQL's binary log. For each sink, the position
                up to which it lacks nothing, as the agent noted it last. Beside a running agent or without one.

                Exit codes: 0 done; 1 there is no journal yet; 2 the configuration or the command line is
                invalid.

                Example:
                  tailrace offsets
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    private record SourceJson(String type, @Nullable String position, Map<String, Object> offset, long sequence) {}

    private record SinkJson(
            String name, long sequence, @Nullable String position) {}

    private record OffsetsJson(SourceJson source, List<SinkJson> sinks) {}

    @Override
    public int run(Terminal terminal) throws Failure {
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        AgentConfiguration agent = file.agent();
        try (JournalInspector inspector = file.journal()) {
            JournalInspector.Info info = inspector.info();
            SourceOffset offset = info.tail().offset().orElse(null);
            SourceJson source = new SourceJson(
                    agent.source().settings().type(),
                    offset == null ? null : offset.position().toString(),
                    offset == null ? Map.of() : new TreeMap<>(offset.attributes()),
                    info.readableSequence());
            print(terminal, new OffsetsJson(source, sinks(agent)));
            return ExitCode.DONE;
        } catch (JournalException e) {
            throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
        }
    }

    private static List<SinkJson> sinks(AgentConfiguration agent) {
        Path checkpoints = agent.dataDirectory().resolve("checkpoints");
        List<SinkJson> sinks = new ArrayList<>();
        for (SinkConfiguration sink : agent.sinks()) {
            Place place = StoredCheckpoints.place(checkpoints, sink.name()).orElse(null);
            sinks.add(new SinkJson(
                    sink.name(),
                    place == null ? 0 : place.sequence(),
                    place == null || place.position().isEmpty() ? null : place.position()));
        }
        return sinks;
    }

    private void print(Terminal terminal, OffsetsJson offsets) {
        if (options.json) {
            terminal.out().println(StatusJson.pretty(offsets));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "FRAME", "POSITION"));
        rows.add(List.of("journal", Long.toString(offsets.source.sequence), shown(offsets.source.position)));
        offsets.sinks.forEach(
                sink -> rows.add(List.of("sink " + sink.name, Long.toString(sink.sequence), shown(sink.position))));
        terminal.out().print(Terminal.table(rows));
        if (!offsets.source.offset.isEmpty()) {
            List<List<String>> words = new ArrayList<>();
            offsets.source.offset.forEach((key, value) -> words.add(List.of(key, String.valueOf(value))));
            terminal.out().print("\n" + offsets.source.type + " is read on from\n" + Terminal.table(words));
        }
    }

    private static String shown(@Nullable String position) {
        return position == null ? "none yet" : position;
    }
}
