package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.ChangeStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A suite of which each test has an empty database and a stream of changes to it. */
abstract class TargetSuite implements ServerSuite {
    JdbcTarget target;
    final ChangeStream stream = new ChangeStream();

    @BeforeEach
    final void start() throws Exception {
        target = new JdbcTarget(server());
    }

    @AfterEach
    final void stop() {
        target.close();
    }
}
