package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentProcess;
import dev.tailrace.journal.Samples.Opened;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real SIGKILL in each window: everything that was said to be forced is there, once, and in order (I1, I5, I6, I8). */
class KillTest {
    @TempDir
    Path directory;

    private long forced;
    private long epoch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "journal.before-append=hold@1",
                "journal.before-append=hold@40",
                "journal.after-append=hold@1",
                "journal.after-append=hold@57",
                "journal.after-force=hold@1",
                "journal.after-force=hold@33",
                "journal.mid-roll=hold@1",
                "journal.mid-roll=hold@2",
                "journal.mid-roll=hold@4",
                "journal.between-parts=hold@1",
                "journal.between-parts=hold@9"
            })
    void killedAtAFailpoint(String failpoint) throws Exception {
        long seed = failpoint.hashCode();
        runUntilKilled(seed, "journal.after-force=hold@20", Integer.MAX_VALUE);
        runUntilKilled(seed + 1, failpoint, Integer.MAX_VALUE);
        runUntilKilled(seed + 2, failpoint, Integer.MAX_VALUE);
        check(seed);
    }

    @Test
    void killedAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            runUntilKilled(seed + round, "none=halt", 1 + random.nextInt(400));
            if (round % 3 == 2) {
                check(seed);
            }
        }
        check(seed);
    }

    /** Runs the child until its fail-point holds it or it has forced that often, then kills it. */
    private void runUntilKilled(long seed, String failpoint, int forces) throws IOException, InterruptedException {
        List<String> command = AgentProcess.java();
        command.addAll(List.of(
                "-Dtailrace.failpoints=" + failpoint,
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-cp",
                System.getProperty("java.class.path"),
                JournalChild.class.getName(),
                directory.toString(),
                Long.toString(seed)));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        boolean held = false;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int left = forces;
            String line = out.readLine();
            while (line != null && !held) {
                said.append(line).append('\n');
                if (line.startsWith("FORCED ")) {
                    forced = Long.parseLong(line.substring(7));
                    held = --left == 0;
                } else if (line.startsWith("EPOCH ")) {
                    long next = Long.parseLong(line.substring(6));
                    assertThat(next).isGreaterThan(epoch);
                    epoch = next;
                } else if (line.startsWith("FAILPOINT ")) {
                    held = true;
                }
                line = held ? null : out.readLine();
            }
            child.destroyForcibly();
        }
        assertThat(child.waitFor()).as("%s", said).isEqualTo(137);
        assertThat(held).as("%s", said).isTrue();
    }

    private void check(long seed) throws JournalException {
        try (JournalInspector inspector = JournalInspector.open(directory).orElseThrow()) {
            assertThat(inspector.verify().damage()).as("seed %d", seed).isNull();
        }
        try (Opened opened = new Opened(directory, Samples.settings(1024, 1))) {
            assertThat(opened.journal.epoch()).as("seed %d", seed).isGreaterThan(epoch);
            epoch = opened.journal.epoch();
            long end =
                    opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
            assertThat(end).as("seed %d", seed).isGreaterThanOrEqualTo(forced);
            assertThat(opened.journal.schemaHistory().getOrDefault(JournalChild.HISTORY, ""))
                    .as("seed %d", seed)
                    .isEqualTo(lastHistory(opened));
            List<Long> numbers = opened.numbers(0);
            assertThat(numbers)
                    .as("seed %d", seed)
                    .isEqualTo(LongStream.rangeClosed(1, end).boxed().toList());
        }
    }

    /** What the newest frame of schema history says, by its position; the copies at the beginnings of files have none. */
    private static String lastHistory(Opened opened) throws JournalException {
        String last = "";
        try (JournalReader reader = opened.journal.reader(0, table -> true)) {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                if (frame.kind() == Frame.Kind.SCHEMA_HISTORY
                        && !frame.position().isEmpty()) {
                    last = Long.toString(frame.sourceMicros());
                }
            }
        }
        return last;
    }
}
