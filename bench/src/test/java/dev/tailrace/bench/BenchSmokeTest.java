package dev.tailrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every measure with so few rows that its figures mean nothing: each must have some, and each checks by itself that
 * everything arrived, or fails.
 */
final class BenchSmokeTest {
    @TempDir
    Path directory;

    static List<String> names() {
        return List.copyOf(Bench.measures().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void yieldsFigures(String name) throws Exception {
        assertFigures(name, few(List.of(10L, 12_000L)), directory);
    }

    static BenchOptions few(List<Long> transactions) {
        BenchOptions options = new BenchOptions();
        options.quick = true;
        options.rows = 12_000;
        options.runs = 1;
        options.transactions = transactions;
        return options;
    }

    static void assertFigures(String name, BenchOptions options, Path directory) throws Exception {
        Supplier<Measure> measure = Bench.measures().get(name);
        List<Comparison> comparisons = new ArrayList<>();
        measure.get().run(new Bench.Run(options, directory), comparisons::add);
        assertThat(comparisons).isNotEmpty().allSatisfy(comparison -> {
            assertThat(comparison.ours()).allSatisfy(value -> assertThat(value).isPositive());
            assertThat(comparison.theirs())
                    .allSatisfy(value -> assertThat(value).isPositive());
            assertThat(comparison.ratio()).isPositive().isFinite();
            assertThat(Results.json(comparison, Map.of())).contains("\"ratio\":");
        });
    }
}
