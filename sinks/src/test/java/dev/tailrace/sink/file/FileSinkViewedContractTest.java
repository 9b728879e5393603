package dev.tailrace.sink.file;

import dev.tailrace.sink.SinkContract;
import dev.tailrace.sink.TargetPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A view that changes nothing takes nothing away from a sink: all that the sink promises holds behind it. */
class FileSinkViewedContractTest extends SinkContract {

    @Override
    protected TargetPort target(Path directory) {
        return new FileTarget(directory, Map.of("columns", Map.of("public.orders", Map.of("drop", List.of()))));
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
