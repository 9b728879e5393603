package dev.tailrace.bench;

import dev.tailrace.server.RequiresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link BenchSmokeTest}, of what MySQL is measured with. */
@RequiresServer(RequiresServer.Kind.MYSQL)
final class MySqlBenchSmokeTest {
    @TempDir
    Path directory;

    @Test
    void yieldsFigures() throws Exception {
        BenchOptions options = BenchSmokeTest.few(List.of(1_000L));
        options.source = "mysql";
        BenchSmokeTest.assertFigures("capture", options, directory);
    }
}
