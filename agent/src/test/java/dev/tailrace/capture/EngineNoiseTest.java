package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineNoiseTest {
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void install() {
        EngineNoise noise = new EngineNoise();
        noise.setContext(context);
        noise.start();
        context.addTurboFilter(noise);
        log.start();
        context.getLogger("ROOT").addAppender(log);
    }

    @Test
    void tellsOfAnUnreadableDatabaseUnlessItIsTheServersOwn() {
        var logger = context.getLogger("io.debezium.connector.binlog.jdbc.BinlogConnectorConnection");
        String saying = "\t skipping database '{}' due to error reading tables: {}";
        logger.warn(saying, "performance_schema", "SELECT command denied");
        assertThat(log.list).isEmpty();
        logger.warn(saying, "shop", "SELECT command denied");
        assertThat(log.list).hasSize(1);
    }

    @Test
    void neverLogsAStatement() {
        context.getLogger("io.debezium.connector.binlog.BinlogStreamingChangeEventSource")
                .warn("Received DML '{}' for processing, binlog probably contains events", "INSERT INTO a VALUES (1)");
        assertThat(log.list).isEmpty();
    }

    @Test
    void dropsWhatTheCaptureReportsItself() {
        SQLException failure = new SQLException("gone");
        context.getLogger("io.debezium.pipeline.ErrorHandler").error("Producer failure", failure);
        context.getLogger("io.debezium.embedded.async.AsyncEmbeddedEngine").error("Engine has failed with ", failure);
        context.getLogger("io.debezium.connector.binlog.BinlogStreamingChangeEventSource")
                .error("Error during binlog processing. Last offset stored = {}, near {}", "a", "b");
        context.getLogger("io.debezium.connector.binlog.BinlogStreamingChangeEventSource")
                .error("Error while deserializing binlog event at offset {}.\n", "a", failure);
        context.getLogger("io.debezium.connector.postgresql.connection.PostgresConnection")
                .error("Failed to read column metadata for '{}.{}'", "public", "orders");
        context.getLogger("io.debezium.connector.postgresql.PostgresSchema")
                .warn("Cannot determine REPLICA IDENTITY info for '{}'", "public.orders");
        context.getLogger("io.debezium.connector.postgresql.PostgresStreamingChangeEventSource")
                .warn("LSN flush operation for '{}' was interrupted. Continuing without waiting", "LSN{0/1}");
        context.getLogger("io.debezium.connector.postgresql.PostgresStreamingChangeEventSource")
                .error("LSN flush operation for LSN '{}' did not complete within the configured timeout", "LSN{0/1}");
        context.getLogger("io.debezium.relational.RelationalSnapshotChangeEventSource")
                .warn("Snapshot pool connection is no longer valid, attempting reconnect.");
        context.getLogger("io.debezium.embedded.async.AsyncEmbeddedEngine")
                .error("{} task(s) out of {} failed to start.", 1, 1);
        context.getLogger("io.debezium.connector.binlog.BinlogSnapshotChangeEventSource")
                .error("It's possible to receive duplicated events between snapshot and streaming.");
        context.getLogger("io.debezium.connector.common.BaseSourceTask")
                .warn("Error while performing commit.", new IllegalStateException("timed out"));
        context.getLogger("io.debezium.connector.Any")
                .warn("broken off", new RuntimeException(new InterruptedException()));
        context.getLogger("io.debezium.util.Threads").error("Operation {} timed out after {} ms", "close", 10_000);
        context.getLogger("io.debezium.embedded.async.AsyncEmbeddedEngine")
                .warn("Stopping of the tasks was interrupted, shutting down immediately.");
        context.getLogger("io.debezium.pipeline.ChangeEventSourceCoordinator")
                .warn("Coordinator didn't stop in the expected time, shutting down executor now");
        context.getLogger("io.debezium.jdbc.JdbcConnection")
                .warn("Failed to close database connection by calling close(), attempting abort()");
        context.getLogger("io.debezium.util.Threads")
                .error("Operation {} failed", "close", new SQLException("terminated", "57P01"));
        assertThat(log.list).isEmpty();
    }

    @Test
    void passesEverythingElse() {
        context.getLogger("io.debezium.pipeline.ErrorHandler").error("something new");
        context.getLogger("io.debezium.connector.Any").error("slow", new SocketTimeoutException("read timed out"));
        context.getLogger("io.debezium.connector.Any").error("odd", new SQLException("division by zero", "22012"));
        context.getLogger("dev.tailrace.capture.Capture").error("ours", new InterruptedException());
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("something new", "slow", "odd", "ours");
    }

    @Test
    void leavesWhatIsBelowAWarningToTheLevels() {
        var engine = context.getLogger("io.debezium.pipeline.ErrorHandler");
        engine.setLevel(Level.DEBUG);
        engine.trace("Producer failure", new InterruptedException());
        engine.debug("Producer failure", new InterruptedException());
        engine.info("Producer failure", new InterruptedException());
        engine.warn("Producer failure", new InterruptedException());
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.DEBUG, Level.INFO);
    }
}
