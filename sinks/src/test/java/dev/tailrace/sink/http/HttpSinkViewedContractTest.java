package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.TargetPort;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view that changes nothing takes nothing away from a sink: all that the sink promises holds behind it. */
class HttpSinkViewedContractTest extends HttpSinkContractTest {
    @Override
    protected TargetPort target(Path directory) throws Exception {
        return new HttpTarget(Map.of("columns", Map.of("public.orders", Map.of("drop", List.of()))));
    }

    @Test
    void aBatchOfWhichNothingIsShownIsDurableAndNotSent(@TempDir Path elsewhere) throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(TestSchemas.ORDERS, 1L, 1, "a", "d", null).commit();
        stream.insert(TestSchemas.ORDERS, 2L, 2, "b", "d", null).commit();
        try (HttpTarget filtered = new HttpTarget(Map.of("where", Map.of("public.orders", "customer = 2")));
                Sink sink = filtered.definition().create()) {
            sink.open(new SinkContext(
                    "agent",
                    "s",
                    ChangeStream.JOURNAL,
                    1,
                    "t",
                    elsewhere,
                    List.of(TestSchemas.ORDERS),
                    FaultPoint.NONE));
            assertThat(sink.write(stream.frames().get(0).batch())).isEqualTo(WriteResult.DURABLE);
            assertThat(filtered.contents().ids()).isEmpty();
            assertThat(sink.write(ChangeStream.batch(stream.frames()))).isEqualTo(WriteResult.DURABLE);
            assertThat(filtered.contents().ids())
                    .containsExactly(stream.events().get(1).id());
        }
    }
}
