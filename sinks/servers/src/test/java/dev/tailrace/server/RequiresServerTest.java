package dev.tailrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite without its server is skipped aloud, and not at all in CI. */
class RequiresServerTest {
    @TempDir
    Path house;

    @Test
    void skippedSuitesAreListed() throws Exception {
        assertThat(RequiresServerCondition.judge("SomeTest", "No MySQL server.", Map.of(), house)
                        .isDisabled())
                .isTrue();
        RequiresServerCondition.judge("OtherTest", "No MySQL server.", Map.of("CI", "false"), house);

        assertThat(Files.readString(house.resolve("target/skipped-suites")))
                .isEqualTo("SomeTest: No MySQL server.\nOtherTest: No MySQL server.\n");
    }

    @Test
    void failsInCi() {
        assertThatThrownBy(() ->
                        RequiresServerCondition.judge("SomeTest", "No MySQL server.", Map.of("CI", "true"), house))
                .hasMessageContaining("SomeTest: No MySQL server. With CI=true");
        assertThat(house.resolve("target")).doesNotExist();
    }
}
