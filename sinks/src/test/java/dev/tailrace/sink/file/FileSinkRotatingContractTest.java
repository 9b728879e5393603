package dev.tailrace.sink.file;

import dev.tailrace.sink.SinkContract;
import dev.tailrace.sink.TargetPort;
import java.nio.file.Path;
import java.util.Map;

class FileSinkRotatingContractTest extends SinkContract {

    @Override
    protected TargetPort target(Path directory) {
        return new FileTarget(directory, Map.of("rotate-size", "1024B"));
    }

    @Override
    protected boolean keepsLog() {
        return true;
    }

    /** The lock keeps a second process out as long as the first one lives. */
    @Override
    protected boolean fencesLiveHolder() {
        return false;
    }

    @Override
    protected boolean keyless() {
        return true;
    }
}
