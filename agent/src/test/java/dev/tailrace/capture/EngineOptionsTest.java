package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
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
        assertThat(EngineOptions.refusal(option, "1")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.batch.size", "max.queue.size", "max.queue.size.in.bytes", "xmin.fetch.interval.ms"})
    void letsTheOperatorTuneTheRest(String option) {
        assertThat(EngineOptions.refusal(option, "1000")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max.batch.size", "max.queue.size", "max.queue.size.in.bytes"})
    void refusesSizesThatAreNone(String option) {
        for (String value : List.of("", "many", "-1", "1.5", "99999999999999999999")) {
            assertThat(EngineOptions.refusal(option, value))
                    .hasValueSatisfying(why -> assertThat(why).contains("whole number"));
        }
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
