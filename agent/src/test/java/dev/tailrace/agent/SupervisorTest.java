package dev.tailrace.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupervisorTest {

    @ParameterizedTest
    @CsvSource({
        "JOURNAL-IO, FAILED",
        "JOURNAL-DISK-FULL, FAILED",
        "CAPTURE-FAILED, FAILED",
        "CAPTURE-STUCK, FAILED",
        "SOURCE-STREAM-BROKEN, FAILED",
        "SOURCE-JOURNAL-LOST, HALTED",
        "SOURCE-LOGIN-REFUSED, HALTED",
        "SOURCE-SLOT-AHEAD, HALTED"
    })
    void startsAgainOnlyAfterWhatANewStartMends(String code, Ending.Kind kind) {
        assertThat(Supervisor.kind(new Finding(code, "source", "m", "r", Severity.FATAL)))
                .isEqualTo(kind);
    }
}
