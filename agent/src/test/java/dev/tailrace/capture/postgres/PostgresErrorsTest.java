package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.config.Finding;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class PostgresErrorsTest {
    /** As the engine's version 3.6.1 throws it when its connection is lost in the middle of a large change. */
    private static final ConnectException UNCONFIRMED = new ConnectException(
            "An exception occurred in the change event producer. This connector will be stopped.",
            new ConnectException("LSN flush operation timed out for LSN 'LSN{0/1B88208}'. Task is configured to fail on"
                    + " timeout as configured by lsn.flush.timeout.action configuration."));

    @Test
    void aConfirmationThatIsNotTakenIsASourceOutOfReach() throws Exception {
        PostgresSettings settings = SourceServer.newDatabase().settings("public.*");
        assertThat(PostgresErrors.unconfirmed(settings, UNCONFIRMED)).hasValueSatisfying(finding -> {
            assertThat(finding.code()).isEqualTo("SOURCE-UNREACHABLE");
            assertThat(finding.severity()).isEqualTo(Finding.Severity.TRANSIENT);
        });
        assertThat(PostgresErrors.unconfirmed(settings, new ConnectException("something else", null)))
                .isEmpty();
    }
}
