package dev.tailrace.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Judges {@link RequiresServer}. */
final class RequiresServerCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        // Asked for each method as well; the suite was judged as a whole.
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("judged with its suite");
        }
        Class<?> suite = context.getRequiredTestClass();
        Optional<String> missing = AnnotationSupport.findAnnotation(suite, RequiresServer.class)
                .flatMap(needs -> firstMissing(List.of(needs.value())));
        return missing.map(why -> judge(suite.getName(), why, System.getenv(), TestServers.house()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("its servers are there"));
    }

    private static Optional<String> firstMissing(List<RequiresServer.Kind> kinds) {
        return kinds.stream()
                .map(TestServers::missing)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Skips the suite and says so, or throws where nothing may be skipped. */
    static ConditionEvaluationResult judge(String suite, String why, Map<String, String> environment, Path house) {
        String line = suite + ": " + why;
        if ("true".equals(environment.get("CI"))) {
            throw new IllegalStateException(line + " With CI=true no suite may be skipped.");
        }
        System.err.println("SKIPPED " + line);
        Path skipped = house.resolve("target/skipped-suites");
        try {
            Files.createDirectories(skipped.getParent());
            Files.writeString(skipped, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ConditionEvaluationResult.disabled(line);
    }
}
