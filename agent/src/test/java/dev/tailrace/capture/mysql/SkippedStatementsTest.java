package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.event.TableId;
import io.debezium.text.ParsingException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkippedStatementsTest {
    private static final Set<TableId> CAPTURED =
            Set.of(new TableId("shop", "Orders"), new TableId("shop", "odd `name"));

    private final SkippedStatements skipped = new SkippedStatements();

    private Optional<Finding> explain(String statement) {
        return skipped.explain(
                new IllegalStateException(new ParsingException(
                        null,
                        "DDL statement couldn't be parsed. Please open an issue with the statement '" + statement
                                + "'\nmismatched input")),
                CAPTURED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE shop.orders FROBNICATE",
                "ALTER TABLE `ORDERS` ADD x",
                "RENAME TABLE t TO shop . `odd ``name`",
                "ALTER TABLE \"orders\" X"
            })
    void stopsASnapshotAtADescriptionOfACapturedTable(String statement) {
        assertThat(explain(statement).orElseThrow())
                .extracting(Finding::code, Finding::severity)
                .containsExactly("SOURCE-DDL-UNREADABLE", Severity.FATAL);
    }

    @Test
    void leavesOutOthersOnceAndStopsWhenThatDidNotHelp() {
        String before = skipped.filter();
        String statement = "CREATE LIBRARY x.y LANGUAGE JAVASCRIPT AS 'a, b'";
        assertThat(explain(statement).orElseThrow())
                .extracting(Finding::code, Finding::severity)
                .containsExactly("SOURCE-DDL-SKIPPED", Severity.TRANSIENT);
        assertThat(skipped.filter()).startsWith(before + ",").isNotEqualTo(before);
        assertThat(explain(statement).orElseThrow().severity()).isEqualTo(Severity.FATAL);
    }

    @Test
    void saysNothingAboutOtherFailures() {
        assertThat(skipped.explain(new IllegalStateException("other"), CAPTURED))
                .isEmpty();
    }
}
