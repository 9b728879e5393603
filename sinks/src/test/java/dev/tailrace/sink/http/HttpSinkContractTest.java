package dev.tailrace.sink.http;

import dev.tailrace.sink.SinkContract;
import dev.tailrace.sink.TargetPort;
import java.nio.file.Path;
import java.util.Map;

class HttpSinkContractTest extends SinkContract {

    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new HttpTarget(Map.of("connections", 4));
    }

    @Override
    protected boolean keepsLog() {
        return true;
    }

    @Override
    protected boolean exactlyOnce() {
        return false;
    }

    @Override
    protected boolean atomicParts() {
        return false;
    }

    @Override
    protected boolean fences() {
        return false;
    }

    @Override
    protected boolean keyless() {
        return true;
    }
}
