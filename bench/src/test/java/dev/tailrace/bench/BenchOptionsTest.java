package dev.tailrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.beust.jcommander.ParameterException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of the command line is refused. */
final class BenchOptionsTest {
    private final BenchOptions options = new BenchOptions();

    @Test
    void anotherSourceIsForTheCaptureOnly() {
        options.source = "mysql";
        assertThatThrownBy(this::check)
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("replay is measured with --source postgres only");
        options.names = List.of("capture", "size");
        assertThatThrownBy(this::check)
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("size is measured with --source postgres only");
        options.names = List.of("capture");
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void anUnknownSourceIsRefusedWithTheKnownOnes() {
        options.source = "oracle";
        options.names = List.of("capture");
        assertThatThrownBy(this::check)
                .isInstanceOf(ParameterException.class)
                .hasMessage("--source oracle is not known; there is postgres, mysql");
    }

    @Test
    void aSettingOfTheServerHasANameAndAValue() {
        options.postgres = List.of("shared_buffers=2GB", "search_path=a=b");
        assertThatCode(this::check).doesNotThrowAnyException();
        assertThat(options.serverSettings()).isEqualTo(Map.of("shared_buffers", "2GB", "search_path", "a=b"));
        options.postgres = List.of("shared_buffers");
        assertThatThrownBy(this::check)
                .isInstanceOf(ParameterException.class)
                .hasMessage("--postgres shared_buffers is not NAME=VALUE");
    }

    private void check() {
        options.check(Bench.measures().keySet());
    }
}
