package dev.tailrace.sink.http;

import dev.tailrace.sink.TargetPort;
import java.nio.file.Path;
import java.util.Map;

class HttpSinkOneLaneContractTest extends HttpSinkContractTest {

    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new HttpTarget(Map.of("connections", 1, "compression", "gzip", "batch-events", 50));
    }
}
