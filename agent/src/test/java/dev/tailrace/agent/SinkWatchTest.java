package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.deadletter.Counts;
import dev.tailrace.pipeline.PipelineState;
import dev.tailrace.pipeline.PipelineStatus;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A sink that says it runs and does not move is named. */
class SinkWatchTest {
    private long seconds;
    private final SinkWatch watch = new SinkWatch(() -> TimeUnit.SECONDS.toNanos(seconds));

    private List<String> look(PipelineState state, long rounds) {
        watch.look(List.of(
                sink("idle", PipelineState.RUNNING, seconds), // that one turns, with nothing to deliver
                sink("warehouse", state, rounds)));
        return watch.warnings().stream().map(Problem::message).toList();
    }

    private static PipelineStatus sink(String name, PipelineState state, long rounds) {
        return new PipelineStatus(name, "jdbc", state, 7, 1234, 0, Counts.NONE, List.of(), null, rounds);
    }

    @Test
    void namesTheOneThatStandsStill() {
        assertThat(look(PipelineState.RUNNING, 5)).isEmpty();
        seconds += 119;
        assertThat(look(PipelineState.RUNNING, 5)).isEmpty();
        seconds += 2;
        assertThat(look(PipelineState.RUNNING, 5))
                .singleElement()
                .asString()
                .contains("sink warehouse", "2 min", "1234 changes");
        seconds += 600;
        assertThat(look(PipelineState.RUNNING, 5)).singleElement().asString().contains("12 min");
        assertThat(look(PipelineState.RUNNING, 6)).isEmpty();
        seconds += 119;
        assertThat(look(PipelineState.RUNNING, 6)).isEmpty();
    }

    @Test
    void leavesAloneTheOneThatSaysWhyItWaits() {
        for (PipelineState state : List.of(PipelineState.RETRYING, PipelineState.HALTED, PipelineState.PAUSED)) {
            look(state, 5);
            seconds += 600;
            assertThat(look(state, 5)).as(state.label()).isEmpty();
        }
        look(PipelineState.STARTING, 5);
        seconds += 600;
        assertThat(look(PipelineState.STARTING, 5)).hasSize(1);
    }
}
