package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.demo.AgentProcess;
import dev.tailrace.demo.SmallDisk;
import dev.tailrace.journal.Samples.Opened;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another process fills the disk while the journal is written, again and again: the writer neither dies nor loses what it
 * said to be forced, and goes on by itself (I1, I4, I8).
 */
class FullDiskTest {
    private static final int ROUNDS = Integer.getInteger("journal.fullDiskRounds", 12);

    private static final Set<String> EXPECTED = Set.of("FORCED", "EPOCH", "WAITS", "REFUSED", "CLAIMED");

    @TempDir
    Path directory;

    private final Map<String, Integer> said = new HashMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private long forced;

    @ParameterizedTest
    @EnumSource
    void writerSurvivesADiskFilledByOthers(SmallDisk.Kind kind) throws Exception {
        Path data = directory.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(kind, data, 64)) {
            Process child = start(data.resolve("agent"));
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitForced(child, out);
                    disk.fill("filler");
                    awaitWaiting(child, out, disk);
                    disk.free("filler");
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            check(data.resolve("agent"));
        } finally {
            System.out.println(kind + ": " + said);
        }
    }

    /** Not even Chronicle's own listing, which is made at every start, is begun without its blocks. */
    @ParameterizedTest
    @EnumSource
    void startWaitsForRoom(SmallDisk.Kind kind) throws Exception {
        Path data = directory.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(kind, data, 64)) {
            try (Opened opened = new Opened(data.resolve("agent"), Samples.settings(1024, 1))) {
                opened.append(++forced, "before");
                opened.appender.force();
            }
            Process child = start(data.resolve("agent"), "open-only");
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(next(child, out)).isEqualTo("CLAIMED");
                // as a start leaves it that was killed: nothing is there whose block could be used again
                Files.delete(data.resolve(Path.of("agent", "journal", "metadata.cq4t")));
                disk.fill("filler");
                child.getOutputStream().write('\n');
                child.getOutputStream().flush();
                for (int refusals = 0; refusals < 20; refusals++) {
                    assertThat(next(child, out)).isEqualTo("REFUSED");
                    disk.fill("filler");
                }
                disk.free("filler");
                String word = next(child, out);
                while (word.equals("REFUSED")) { // one may be on its way
                    word = next(child, out);
                }
                assertThat(word).isEqualTo("EPOCH");
                assertThat(child.waitFor()).isZero();
            } finally {
                child.destroyForcibly().waitFor();
            }
            check(data.resolve("agent"));
        }
    }

    private Process start(Path journal, String... more) throws IOException {
        String house = System.getProperty("tailrace.house");
        List<String> command = AgentProcess.java();
        command.addAll(List.of(
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.resolve("crash.log"),
                "-Dlogback.configurationFile=" + house + File.separator + Path.of("conf", "logback.xml"),
                "-Dtailrace.log.level=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskChild.class.getName(),
                journal.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private void awaitForced(Process child, BufferedReader out) throws Exception {
        int left = 3;
        while (left > 0) {
            if (next(child, out).equals("FORCED")) {
                left--;
            }
        }
    }

    private void awaitWaiting(Process child, BufferedReader out, SmallDisk disk) throws Exception {
        while (!next(child, out).equals("WAITS")) {
            disk.fill("filler"); // it must not find any room
        }
    }

    private String next(Process child, BufferedReader out) throws Exception {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("the writer died with " + child.waitFor() + "; " + said + unexpected + crash());
        }
        String word = line.split(" ", 2)[0];
        if (EXPECTED.contains(word)) {
            said.merge(word, 1, Integer::sum);
        }
        switch (word) {
            case "FORCED" -> forced = Long.parseLong(line.substring(7));
            case "EPOCH", "WAITS", "CLAIMED" -> {}
            case "REFUSED" -> assertThat(line).contains("JOURNAL-DISK-FULL");
            default -> {
                if (unexpected.size() < 12) {
                    unexpected.add(line);
                }
            }
        }
        return word;
    }

    private String crash() throws IOException {
        Path log = directory.resolve("crash.log");
        if (!Files.exists(log)) {
            return "";
        }
        try (Stream<String> lines = Files.lines(log)) {
            return String.join("\n", lines.limit(25).toList());
        }
    }

    private void check(Path journal) throws Exception {
        assertThat(unexpected).isEmpty();
        try (JournalInspector inspector = JournalInspector.open(journal).orElseThrow()) {
            assertThat(inspector.verify().damage()).isNull();
        }
        try (Opened opened = new Opened(journal, Samples.settings(1024, 1))) {
            long end =
                    opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
            assertThat(end).isGreaterThanOrEqualTo(forced);
            List<Long> numbers = opened.numbers(opened.journal.status().firstSequence() - 1);
            assertThat(numbers).isNotEmpty();
            assertThat(numbers)
                    .isEqualTo(
                            LongStream.rangeClosed(numbers.get(0), end).boxed().toList());
        }
    }
}
