package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * I2 and I8 of a pipeline whose sink keeps the checkpoint itself, over a real journal: SIGKILL in every window of the file
 * sink, then a start without help. Every change is in the archive once, in order.
 */
@Timeout(600)
class FileSinkCrashTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    /** @param left lines on disk after the kill, those included that no checkpoint covers */
    @ParameterizedTest
    @CsvSource({
        "pipeline.before-write, 1, 0",
        "pipeline.before-write, 7, 60",
        "sink.file.after-write, 1, 0",
        "sink.file.after-write, 7, 60",
        "sink.file.after-fsync, 1, 10",
        "sink.file.after-fsync, 7, 70",
        "sink.file.mid-rotate, 1, 30",
        "sink.file.mid-rotate, 4, 120"
    })
    void theArchiveIsCompleteAndUniqueAfterAKill(String failpoint, int hit, int left) throws Exception {
        ChildProcess.killAt(failpoint, hit, FileSinkProcess.class, directory);
        assertThat(ids()).as("what the kill left").hasSize(left);
        ChildProcess.run(FileSinkProcess.class, directory);
        assertThat(ids())
                .hasSize(FileSinkProcess.TRANSACTIONS)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    /** The ids of all lines of all files, sealed or not, in the order of the files' numbers. */
    private List<String> ids() throws IOException {
        Path changes = directory.resolve("archive").resolve("changes");
        List<String> ids = new ArrayList<>();
        if (Files.exists(changes)) {
            try (Stream<Path> files = Files.list(changes)) {
                for (Path file : files.sorted().toList()) {
                    for (String line : Files.readAllLines(file)) {
                        ids.add(JSON.readTree(line).required("id").textValue());
                    }
                }
            }
        }
        return ids;
    }
}
