package dev.tailrace.torture;

import dev.tailrace.demo.EmbeddedServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything at once, with PostgreSQL as the source. {@code scripts/torture} is the long form. */
class TortureTest {
    @Test
    void endsWithNothingWrong() throws Exception {
        // a server forgets a reader that says nothing, sooner than by default
        TortureRun.run("postgres", directory -> EmbeddedServer.start(directory, Map.of("wal_sender_timeout", "10s")));
    }
}
