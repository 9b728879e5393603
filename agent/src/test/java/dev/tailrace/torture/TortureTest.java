package dev.tailrace.torture;

import dev.tailrace.demo.EmbeddedServer;
import org.junit.jupiter.api.Test;

/** Everything at once, with PostgreSQL as the source. {@code scripts/torture} is the long form. */
class TortureTest {
    @Test
    void endsWithNothingWrong() throws Exception {
        TortureRun.run("postgres", EmbeddedServer::start);
    }
}
