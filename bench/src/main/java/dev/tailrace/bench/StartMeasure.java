package dev.tailrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * From the start of the agent's process to the first event in its file sink, with 50 million events in the journal that are
 * delivered already, against the same with an empty journal. The event was committed while the agent was down. No start
 * follows an orderly stop.
 */
final class StartMeasure implements Measure {
    private static final long EVENTS = 50_000_000;

    /** So many are in the source's log at once. */
    private static final long PORTION = 5_000_000;

    private static final int TRANSACTION = 1_000;
    private static final String ANCHOR = "the same with an empty journal";

    @Override
    public void run(Bench.Run run, Consumer<Comparison> results) throws Exception {
        long events = run.options().rows(EVENTS);
        Path log = run.directory().resolve("processes.log");
        try (PostgresSource source = PostgresSource.start(
                run.directory().resolve("server"), run.options().serverSettings())) {
            source.execute("CREATE TABLE first_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
            Start full = new Start(source, run.directory().resolve("full"), log);
            fill(full, events, run);
            Start empty = new Start(source, run.directory().resolve("empty"), log);
            OurCapture.mark(empty.configuration);
            run.say("start: the first one passes over the journal");
            full.toFirstEvent();
            empty.toFirstEvent();
            Rounds rounds =
                    Rounds.of(run.options().runs(), i -> full.toFirstEvent(), i -> empty.toFirstEvent(), run::say);
            results.accept(rounds.compare("start/" + events, ANCHOR, "start", "ms", events));
        }
    }

    private static void fill(Start full, long events, Bench.Run run) throws Exception {
        OurCapture.mark(full.configuration);
        for (long done = 0; done < events; done += PORTION) {
            long portion = Math.min(PORTION, events - done);
            run.say("start: a journal of " + (done + portion) + " events");
            full.source.write(portion, TRANSACTION);
            Child.run(OurCapture.class, full.log, null, full.configuration.toString(), Long.toString(portion));
            full.source.clear();
        }
    }

    /** One agent, which is started again and again. */
    private static final class Start {
        private final PostgresSource source;
        private final Path configuration;
        private final Path archive;
        private final Path log;

        Start(PostgresSource source, Path directory, Path log) throws IOException {
            this.source = source;
            this.archive = directory.toAbsolutePath().resolve("data").resolve("archive");
            this.log = log;
            this.configuration = Files.createDirectories(directory).resolve("tailrace.yaml");
            Files.writeString(
                    configuration,
                    "name: " + directory.getFileName() + "\ndata-dir: \"" + archive.getParent() + "\"\nsource:\n"
                            + source.agentSource() + "  tables: [public.orders, public.first_event]\n"
                            + "  snapshot: never\njournal: {max-size: 40GiB}\nsinks:\n"
                            + "  - {name: files, type: file, tables: [public.first_event], directory: \"" + archive
                            + "\", format: jsonl}\nadmin: {listen: \"127.0.0.1:0\"}\n");
        }

        Figures toFirstEvent() throws Exception {
            source.execute("INSERT INTO first_event DEFAULT VALUES");
            return Child.run(OurStart.class, log, null, configuration.toString(), archive.toString());
        }
    }
}
