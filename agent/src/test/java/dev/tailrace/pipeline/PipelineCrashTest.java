package dev.tailrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I2, I3 and I8 of the pipeline: SIGKILL in every window between target and checkpoint, then a start without help. */
@Timeout(600)
class PipelineCrashTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "pipeline.before-write, 1",
        "pipeline.before-write, 7",
        "pipeline.after-write, 1",
        "pipeline.after-write, 7",
        "pipeline.checkpoint-temp-written, 1",
        "pipeline.checkpoint-temp-written, 4"
    })
    void everyChangeArrivesInOrderAfterAKill(String failpoint, int hit) throws Exception {
        ChildProcess.killAt(failpoint, hit, AppendingSinkProcess.class, directory);
        ChildProcess.run(AppendingSinkProcess.class, directory);

        List<String> delivered = Files.readAllLines(directory.resolve("out"));
        List<String> once = new ArrayList<>(new LinkedHashSet<>(delivered));
        assertThat(once).hasSize(AppendingSinkProcess.TRANSACTIONS).isSorted();
        int repeated = delivered.size() - once.size();
        assertThat(repeated).isBetween(failpoint.equals("pipeline.before-write") ? 0 : 1, 100);
    }
}
