package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.agent.TableGlobs;
import dev.tailrace.event.TableSchema;
import dev.tailrace.journal.Frame;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalInspector;
import dev.tailrace.journal.Tail;
import dev.tailrace.lifecycle.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code tailrace journal info|tail|verify}: looks at the journal, beside a running agent or without one. */
final class JournalVerb implements Verb {
    private static final Duration LOOK = Duration.ofMillis(300);

    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> words = new ArrayList<>();

    @Parameter(names = {"-n", "--count"})
    private int count = 10;

    @Parameter(names = {"-f", "--follow"})
    private boolean follow;

    @Parameter(names = "--events")
    private boolean events;

    @Parameter(names = "--tables")
    private List<String> tables = new ArrayList<>();

    private record TableInfo(String table, int version, int columns, List<String> key) {}

    private record InfoJson(
            String id,
            long epoch,
            long firstSequence,
            long readableSequence,
            int files,
            long bytes,
            @Nullable String position,
            String snapshot,
            List<TableInfo> tables) {}

    private record VerifyJson(
            boolean ok, long frames, long bytes, @Nullable String damage) {}

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public String summary() {
        return "look at the journal: info, tail, verify";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace journal info|tail|verify [-c FILE] [--json] [options]

                Reads only, also beside a running agent. Shows no values of rows.

                  info     identity, frames, size, position, tables
                           --json: {"id","epoch","first_sequence","readable_sequence","files","bytes",
                           "position","snapshot","tables":[{"table","version","columns","key"}]}
                  tail     the newest frames
                    -n N            how many; default 10
                    -f, --follow    goes on with new ones until interrupted
                    --events        one line a change as well
                    --tables GLOB   only changes of these tables; may be repeated
                           --json: a line a frame: {"sequence","epoch","kind","position","source_micros",
                           "bytes","transactions","events","changes":[{"id","operation","table"}]}
                  verify   reads every frame and checks it
                           --json: {"ok","frames","bytes","damage"}

                Exit codes: 0 done; 1 damaged, or there is no journal; 2 the configuration is invalid.

                Example:
                  tailrace journal tail -n 20 --events --tables "public.orders"
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        String action = words.size() == 1 ? words.get(0) : "";
        if (!List.of("info", "tail", "verify").contains(action)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "USAGE",
                    "journal takes one of info, tail, verify",
                    "tailrace journal info",
                    null);
        }
        ConfigurationFile file = ConfigurationFile.valid(options, terminal);
        try (JournalInspector inspector = file.journal()) {
            return switch (action) {
                case "info" -> info(inspector.info(), terminal.out());
                case "verify" -> verify(inspector.verify(), terminal.out());
                default -> tail(inspector, terminal.out());
            };
        } catch (JournalException e) {
            throw new Failure(ExitCode.FAILED, e.code(), String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private int info(JournalInspector.Info info, PrintStream out) {
        Tail tail = info.tail();
        String position =
                tail.offset().map(offset -> offset.position().toString()).orElse(null);
        List<TableInfo> known = info.schemas().stream().map(JournalVerb::table).toList();
        String snapshot = tail.snapshot().name().toLowerCase(Locale.ROOT);
        if (options.json) {
            out.println(StatusJson.pretty(new InfoJson(
                    info.id(),
                    info.epoch(),
                    info.firstSequence(),
                    info.readableSequence(),
                    info.cycles(),
                    info.bytes(),
                    position,
                    snapshot,
                    known)));
            return ExitCode.DONE;
        }
        out.print(Terminal.table(List.of(
                List.of("journal", info.id()),
                List.of("epoch", Long.toString(info.epoch())),
                List.of("frames", info.firstSequence() + " to " + info.readableSequence()),
                List.of("size", Terminal.size(info.bytes()) + " in " + info.cycles() + " files"),
                List.of("position", position == null ? "none yet" : position),
                List.of("snapshot", snapshot))));
        if (!known.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("TABLE", "VERSION", "COLUMNS", "KEY"));
            known.forEach(table -> rows.add(List.of(
                    table.table(),
                    Integer.toString(table.version()),
                    Integer.toString(table.columns()),
                    table.key().isEmpty() ? "none" : String.join(", ", table.key()))));
            out.print("\n" + Terminal.table(rows));
        }
        return ExitCode.DONE;
    }

    private static TableInfo table(TableSchema schema) {
        return new TableInfo(
                schema.table().toString(),
                schema.version(),
                schema.columns().size(),
                schema.key().stream()
                        .map(index -> schema.columns().get(index).name())
                        .toList());
    }

    private int verify(JournalInspector.Verification found, PrintStream out) {
        boolean ok = found.damage() == null;
        if (options.json) {
            out.println(StatusJson.pretty(new VerifyJson(ok, found.frames(), found.bytes(), found.damage())));
        } else {
            out.println(found.frames() + " frames intact, " + Terminal.size(found.bytes()));
            out.println(ok ? "no damage" : "DAMAGED: " + found.damage());
        }
        return ok ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int tail(JournalInspector inspector, PrintStream out) throws JournalException, InterruptedException {
        TableGlobs globs = new TableGlobs(tables.isEmpty() ? List.of("*") : tables);
        FramePrinter printer = new FramePrinter(out, options.json, events);
        inspector.tail(Math.max(1, count), globs, printer);
        StopSignal never = new StopSignal();
        while (follow) {
            if (!inspector.more(globs, (Frame frame) -> printer.accept(frame))) {
                never.pause(LOOK);
            }
        }
        return ExitCode.DONE;
    }
}
