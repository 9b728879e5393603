package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "slot.name",
                "lsn.flush.mode",
                "offset.storage",
                "converters",
                "snapshot.mode",
                "database.user",
                "transforms",
                "provide.transaction.metadata",
                "errors.max.retries",
                "publication.name",
                "skipped.operations",
                "heartbeat.interval.ms",
                "internal.log.position.check.enable",
                "raw.type"
            })
    void refusesOptionsThatAnInvariantRestsOn(String option) {
        assertThat(EngineOptions.refusal(option)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.batch.size", "max.queue.size", "max.queue.size.in.bytes", "xmin.fetch.interval.ms"})
    void letsTheOperatorTuneTheRest(String option) {
        assertThat(EngineOptions.refusal(option)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.batch.size", "max.queue.size", "max.queue.size.in.bytes"})
    void refusesSizesThatAreNone(String option) {
        for (String value : List.of("", "many", "-1", "1.5", "99999999999999999999")) {
            assertThat(EngineQueue.Limits.problem(Map.of(option, value)))
                    .hasValueSatisfying(why -> assertThat(why).contains(option).contains("whole number"));
        }
    }

    /** The engine ends at a queue that has no room behind a batch. */
    @Test
    void aQueueHoldsMoreThanABatch() {
        for (Map<String, String> options : List.of(
                Map.<String, String>of(),
                Map.of("max.batch.size", "16000"),
                Map.of("max.queue.size", "2"),
                Map.of("max.queue.size", "100"),
                Map.of("max.batch.size", "5", "max.queue.size", "6"))) {
            assertThat(EngineQueue.Limits.problem(options)).as("%s", options).isEmpty();
            EngineQueue.Limits limits = EngineQueue.Limits.of(options);
            assertThat(limits.records()).as("%s", options).isGreaterThan(limits.batch());
        }
        assertThat(EngineQueue.Limits.problem(Map.of("max.batch.size", "6", "max.queue.size", "6")))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("max.queue.size").contains("more than"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a b", "(.*)", "ta\"ble", "Täble €", "日本", "x\\y", "$1"})
    void spellsEveryNameAsARegexThatMatchesItAlone(String name) {
        String regex = EngineOptions.regex("public", name);
        Pattern pattern = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        assertThat(regex).doesNotContain(",").doesNotContain(" ");
        assertThat(pattern.matcher("public." + name).matches()).isTrue();
        assertThat(pattern.matcher("PUBLIC." + name).matches()).isFalse();
        assertThat(pattern.matcher("public." + name + "x").matches()).isFalse();
    }
}
