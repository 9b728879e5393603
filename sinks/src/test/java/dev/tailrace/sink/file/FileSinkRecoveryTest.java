package dev.tailrace.sink.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tailrace.event.EventId;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.Checkpoint;
import dev.tailrace.sink.CheckpointingSink;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.RandomHistory;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Crashes at any point, torn files, foreign and damaged directories (I2, I6, I8). */
class FileSinkRecoveryTest {
    @TempDir
    Path directory;

    static SinkFactory.Definition definition(Path root, boolean split) {
        return FileTarget.configured(
                Disk.REAL,
                Clock.systemUTC(),
                Map.of(
                        "directory",
                        root,
                        "rotate-rows",
                        20,
                        "split",
                        split ? "table" : "none",
                        "compression",
                        split ? "gzip" : "none"));
    }

    static SinkContext context(long epoch, FaultPoint faults) {
        return context(epoch, "start-" + epoch, faults);
    }

    private static SinkContext context(long epoch, String token, FaultPoint faults) {
        return new SinkContext(
                "agent", "files", ChangeStream.JOURNAL, epoch, token, Path.of("/nowhere"), List.of(), faults);
    }

    /** Hands over everything behind the checkpoint, one frame a batch. */
    static void deliver(Path root, boolean split, List<Frame> frames, long epoch, FaultPoint faults)
            throws SinkException {
        try (Sink sink = definition(root, split).create()) {
            sink.open(context(epoch, faults));
            long durable = ((CheckpointingSink) sink)
                    .checkpoint()
                    .map(Checkpoint::sequence)
                    .orElse(0L);
            for (Frame frame : frames.subList((int) durable, frames.size())) {
                sink.write(frame.batch());
            }
        }
    }

    private static void assertHolds(Path root, List<Frame> frames, String when) throws Exception {
        Contents expected = Contents.of(ChangeStream.eventsOf(frames));
        Contents actual = Archive.contents(root);
        assertThat(actual.rows()).as(when).isEqualTo(expected.rows());
        assertThat(actual.ids()).as(when).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected.ids());
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,true"})
    void recoversFromEveryInstantWithTornFiles(long seed, boolean split) throws Exception {
        List<Frame> frames = RandomHistory.of(seed, 40, true, true).frames();
        List<Path> images = new ArrayList<>();
        Path live = directory.resolve("live");
        deliver(live, split, frames, 1, point -> {
            Path image = directory.resolve("image-" + images.size());
            images.add(image);
            copy(live, image);
        });
        assertHolds(live, frames, "undisturbed, seed " + seed);
        assertThat(images).hasSizeGreaterThan(80);
        Random random = new Random(seed);
        for (Path image : images) {
            tear(image, random);
            deliver(image, split, frames, 2, FaultPoint.NONE);
            assertHolds(image, frames, image.getFileName() + ", seed " + seed);
        }
    }

    @Test
    void aSealedFileThatItsConsumerTookAwayIsNotMissed() throws Exception {
        List<Frame> frames = RandomHistory.of(4, 40, true, true).frames();
        Path root = directory.resolve("archive");
        int delivered = 0;
        List<FileEntry> sealed = List.of();
        while (sealed.isEmpty()) {
            deliver(root, false, frames.subList(0, ++delivered), delivered, FaultPoint.NONE);
            sealed = new Directory(Disk.REAL, root).state().orElseThrow().sealing();
        }
        for (FileEntry entry : sealed) {
            Files.delete(root.resolve(entry.file()));
        }
        deliver(root, false, frames, delivered + 1, FaultPoint.NONE);
        assertThat(Files.readAllLines(root.resolve(Directory.MANIFEST)))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(1);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a power loss may do to everything that no checkpoint covers. */
    private static void tear(Path root, Random random) throws Exception {
        State state = new Directory(Disk.REAL, root).state().orElseThrow();
        Map<String, Long> covered = new java.util.HashMap<>();
        Stream.concat(state.open().stream(), state.sealing().stream())
                .forEach(e -> covered.put(e.partFile(), e.length()));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".part")).toList()) {
                long valid = covered.getOrDefault(root.relativize(file).toString(), 0L);
                tearBehind(file, valid, random);
            }
        }
        Path manifest = root.resolve(Directory.MANIFEST);
        if (Files.exists(manifest) && Files.size(manifest) >= state.manifestBytes()) {
            tearBehind(manifest, state.manifestBytes(), random);
            // Without entries to be sealed nothing was being written to the manifest.
            if (state.sealing().isEmpty()) {
                truncate(manifest, state.manifestBytes());
            }
        }
        Files.write(root.resolve(Directory.OWN).resolve("checkpoint.json.new"), new byte[] {'{', 0, 7});
        Path stray = Files.createDirectories(root.resolve(StreamNames.ALL));
        Files.writeString(stray.resolve("0000009999-pg-1.jsonl.part"), "{\"torn");
    }

    private static void tearBehind(Path file, long valid, Random random) throws IOException {
        long size = Files.size(file);
        switch (random.nextInt(3)) {
            case 0 -> truncate(file, valid + (size > valid ? random.nextInt((int) (size - valid)) : 0));
            case 1 -> {
                byte[] garbage = new byte[random.nextInt(200)];
                random.nextBytes(garbage);
                Files.write(file, garbage, StandardOpenOption.APPEND);
            }
            default -> Files.write(file, new byte[4096], StandardOpenOption.APPEND);
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sink.file.after-write", "sink.file.after-fsync", "sink.file.mid-rotate"})
    void survivesKillNineAt(String point) throws Exception {
        List<Frame> frames = RandomHistory.of(KilledWriter.SEED, KilledWriter.TRANSACTIONS, true, true)
                .frames();
        Path root = directory.resolve("archive");
        for (int epoch = 1; epoch <= 3; epoch++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledWriter.class.getName(),
                            root.toString(),
                            point,
                            Integer.toString(2 * epoch),
                            Integer.toString(epoch))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var out = child.inputReader()) {
                assertThat(out.readLine()).isEqualTo("FAILPOINT " + point);
            } finally {
                child.destroyForcibly();
                assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            }
        }
        deliver(root, false, frames, 4, FaultPoint.NONE);
        assertHolds(root, frames, "after SIGKILL at " + point);
    }

    @Test
    void refusesADirectoryOfAnotherPipeline() throws Exception {
        Path root = directory.resolve("archive");
        deliver(root, false, List.of(), 1, FaultPoint.NONE);
        SinkContext other = new SinkContext(
                "another",
                "files",
                ChangeStream.JOURNAL,
                9,
                "start-9",
                Path.of("/nowhere"),
                List.of(),
                FaultPoint.NONE);
        assertThat(opening(root, other).code()).isEqualTo("FILE-FOREIGN");
        assertThat(definition(root, false).preflight(other))
                .singleElement()
                .satisfies(f -> assertThat(f.code()).isEqualTo("FILE-FOREIGN"));
    }

    /** Two copies of one data directory count their starts alike (I6). */
    @Test
    void refusesAnotherStartOfTheSameEpoch() throws Exception {
        Path root = directory.resolve("archive");
        deliver(root, false, history(), 2, FaultPoint.NONE);
        SinkException failure = opening(root, context(2, "another", FaultPoint.NONE));
        assertThat(failure.code()).isEqualTo("FILE-FENCED");
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
        deliver(root, false, history(), 2, FaultPoint.NONE);
        deliver(root, false, history(), 3, FaultPoint.NONE);
        assertHolds(root, history(), "after the same start and a later one");
    }

    @Test
    void refusesFilesWithoutACheckpoint() throws Exception {
        Path root = directory.resolve("archive");
        deliver(root, false, history(), 1, FaultPoint.NONE);
        Files.delete(root.resolve(Directory.OWN).resolve("checkpoint.json"));
        assertThat(opening(root, context(2, FaultPoint.NONE)).code()).isEqualTo("FILE-NO-CHECKPOINT");
    }

    @Test
    void haltsWhenCoveredBytesWereChangedOrLost() throws Exception {
        for (String damage : List.of("flip", "short", "gone", "checkpoint")) {
            Path root = directory.resolve(damage);
            deliver(root, false, history(), 1, FaultPoint.NONE);
            State state = new Directory(Disk.REAL, root).state().orElseThrow();
            Path part = root.resolve(state.open().get(0).partFile());
            byte[] bytes = Files.readAllBytes(part);
            switch (damage) {
                case "flip" -> {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(part, bytes);
                }
                case "short" -> truncate(part, bytes.length - 1);
                case "gone" -> Files.delete(part);
                default ->
                    Files.writeString(
                            root.resolve(Directory.OWN).resolve("checkpoint.json"), "{\"version\":1}\ncrc32c 0\n");
            }
            SinkException failure = opening(root, context(2, FaultPoint.NONE));
            assertThat(failure.disposition()).as(damage).isEqualTo(Disposition.HALT);
            assertThat(failure.code()).as(damage).isEqualTo("FILE-DAMAGED");
        }
    }

    @Test
    void waitsForADirectoryThatIsHeld() throws Exception {
        Path root = directory.resolve("archive");
        try (Sink holder = definition(root, false).create()) {
            holder.open(context(1, FaultPoint.NONE));
            SinkException failure = opening(root, context(2, FaultPoint.NONE));
            assertThat(failure.code()).isEqualTo("FILE-LOCKED");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        }
        deliver(root, false, history(), 2, FaultPoint.NONE);
        assertHolds(root, history(), "after the holder closed");
    }

    /** A real full file system, where the machine allows to mount one. */
    @Test
    void goesOnAfterTheDiskWasFull() throws Exception {
        Path small = Files.createDirectories(directory.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString()), "cannot mount");
        try {
            Path ballast = small.resolve("ballast");
            Files.write(ballast, new byte[200 * 1024]);
            Path root = small.resolve("archive");
            List<Frame> frames = RandomHistory.of(5, 40, true, true).frames();
            SinkException failure =
                    catchThrowableOfType(SinkException.class, () -> deliver(root, false, frames, 1, FaultPoint.NONE));
            assertThat(failure).isNotNull();
            assertThat(failure.code()).isEqualTo("FILE-DISK-FULL");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            long durable = new Directory(Disk.REAL, root)
                    .state()
                    .orElseThrow()
                    .checkpoint()
                    .sequence();
            assertHolds(root, frames.subList(0, (int) durable), "full");
            Files.delete(ballast);
            deliver(root, false, frames.subList(0, Math.min(frames.size(), (int) durable + 5)), 2, FaultPoint.NONE);
            assertHolds(root, frames.subList(0, Math.min(frames.size(), (int) durable + 5)), "after room was made");
        } finally {
            run("umount", small.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Frame> history() {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        stream.insert(TestSchemas.ORDERS, 2L, 1, "b", "d", null).commit();
        return stream.frames();
    }

    private static SinkException opening(Path root, SinkContext context) {
        try (Sink sink = definition(root, false).create()) {
            SinkException failure = catchThrowableOfType(SinkException.class, () -> sink.open(context));
            assertThat(failure).isNotNull();
            return failure;
        }
    }

    @Test
    void numbersEveryChangeOnceInOrder() throws Exception {
        List<Frame> frames = RandomHistory.of(77, 60, true, true).frames();
        Path root = directory.resolve("archive");
        deliver(root, false, frames, 1, FaultPoint.NONE);
        List<EventId> ids = Archive.lines(root).stream()
                .map(line -> new EventId(line.get("id").textValue()))
                .toList();
        assertThat(ids)
                .containsExactlyElementsOf(
                        ChangeStream.eventsOf(frames).stream().map(e -> e.id()).toList());
        assertThat(Archive.manifest(root))
                .hasSizeGreaterThan(5)
                .allSatisfy(entry -> assertThat(entry.rows()).isGreaterThanOrEqualTo(20));
    }
}
