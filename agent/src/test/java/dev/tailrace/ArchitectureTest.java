package dev.tailrace;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The boundaries hold, and each of them is able to fail. */
class ArchitectureTest {
    private static final ImportOption NO_TEST_JARS = location -> !location.contains("-tests.jar");

    private static final JavaClasses TAILRACE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(NO_TEST_JARS)
            .importPackages("dev.tailrace");

    private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages("dev.tailrace.violations");

    private static final Map<String, ArchRule> RULES = new Boundaries("dev.tailrace").rules();

    private static final Map<String, ArchRule> PROOFS = new Boundaries("dev.tailrace.violations").rules();

    static Stream<String> rules() {
        return RULES.keySet().stream();
    }

    @Test
    void seesBothModulesAndNoTests() {
        assertThat(TAILRACE.contain("dev.tailrace.event.ChangeEvent")).isTrue();
        assertThat(TAILRACE.contain("dev.tailrace.journal.Journal")).isTrue();
        assertThat(TAILRACE.contain("dev.tailrace.ArchitectureTest")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(String rule) {
        RULES.get(rule).check(TAILRACE);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void canFail(String rule) {
        assertThat(PROOFS.get(rule).evaluate(VIOLATIONS).hasViolation()).isTrue();
    }

    /** The rules with several ways to break them: each way is noticed. */
    @ParameterizedTest
    @CsvSource({
        "threads and sleeps only where allowed, newThread",
        "threads and sleeps only where allowed, subclass",
        "threads and sleeps only where allowed, pool",
        "threads and sleeps only where allowed, sleepByUnit",
        "threads and sleeps only where allowed, park",
        "threads and sleeps only where allowed, async",
        "threads and sleeps only where allowed, parallel",
        "the end of the process only where allowed, exit",
        "the end of the process only where allowed, hook",
        "halting the process only where allowed, halt",
        "the wall clock only where allowed, millis",
        "the wall clock only where allowed, instant",
        "the wall clock only where allowed, date",
        "the wall clock only where allowed, clock",
        "the wall clock only where allowed, byReference",
        "the monotonic clock only where allowed, nanosByReference",
        "names say what a thing is, RowUtils",
        "names say what a thing is, BaseThing",
        "a public type is used by another room, ForNobody",
        "Debezium stays in capture, kafka",
        "Debezium stays in capture, debezium",
    })
    void notices(String rule, String way) {
        assertThat(PROOFS.get(rule).evaluate(VIOLATIONS).getFailureReport().toString())
                .contains(way);
    }
}
