package dev.tailrace.capture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps out of the log what the engine says about failures that it also hands to {@link Capture}, which reports each of
 * them once, with its code: above all of a lost connection, at which the engine ends in any case. And what an orderly stop
 * breaks off by interrupting it. Everything else passes, and all below a warning. Named in conf/logback.xml. Thread-safe.
 */
public final class EngineNoise extends TurboFilter {
    private static final String ENGINE = "io.debezium.";
    private static final int DEEPEST = 20;

    private static final String BINLOG = "io.debezium.connector.binlog.BinlogStreamingChangeEventSource";
    private static final String SLOT = "io.debezium.connector.postgresql.PostgresStreamingChangeEventSource";
    private static final String SNAPSHOT = "io.debezium.relational.RelationalSnapshotChangeEventSource";
    private static final String TASK = "io.debezium.connector.common.BaseSourceTask";
    private static final String COORDINATOR = "io.debezium.pipeline.ChangeEventSourceCoordinator";
    private static final String ENGINE_ITSELF = "io.debezium.embedded.async.AsyncEmbeddedEngine";

    /** Loggers and the beginnings of their messages. */
    private static final List<Saying> HANDED_OVER = List.of(
            // with the statement, which has values of rows in it
            new Saying(BINLOG, "Received DML"),
            // each throws what it says this of, which ends in the completion callback as well
            new Saying(BINLOG, "Error during binlog processing"),
            new Saying(BINLOG, "Error while deserializing binlog event"),
            new Saying("io.debezium.connector.binlog.BinlogSnapshotChangeEventSource", "It's possible to receive dupl"),
            new Saying(
                    "io.debezium.connector.postgresql.connection.PostgresConnection", "Failed to read column metadata"),
            // for the log alone, also while the connection breaks; SourceChecks reads it before each start
            new Saying("io.debezium.connector.postgresql.PostgresSchema", "Cannot determine REPLICA IDENTITY"),
            new Saying(
                    "io.debezium.connector.postgresql.connection.PostgresConnection",
                    "Cannot determine REPLICA IDENTITY"),
            new Saying("io.debezium.connector.postgresql.PostgresConnectorTask", "Too many errors connecting"),
            // also at a stop, and when the agent stood still or the server took no confirmation in time
            new Saying(SLOT, "LSN flush operation "),
            // the stream was closed between two confirmations: who reads it finds that as well
            new Saying(
                    "io.debezium.connector.postgresql.connection.PostgresReplicationConnection",
                    "Unexpected exception while performing keepalive"),
            new Saying("io.debezium.pipeline.ErrorHandler", "Producer failure"),
            new Saying("io.debezium.pipeline.ErrorHandler", "The maximum number of {} retries"),
            new Saying(ENGINE_ITSELF, "Engine has failed with"),
            new Saying(ENGINE_ITSELF, "{} task(s) out of {} failed to start"),
            new Saying(SNAPSHOT, "Error during snapshot"),
            new Saying(SNAPSHOT, "Error in finally block"),
            new Saying("io.debezium.pipeline.source.AbstractSnapshotChangeEventSource", "Snapshot was "),
            // SnapshotTransaction does not let it
            new Saying(SNAPSHOT, "Snapshot pool connection is no longer valid"),
            // it tries once more, and throws what that comes to
            new Saying("io.debezium.connector.postgresql.PostgresConnectorTask", "Error connecting to server"),
            new Saying("io.debezium.connector.mysql.MySqlConnectorTask", "Connection was dropped during schema"),
            // of an engine whose connections are dead, when it is closed for that
            new Saying(ENGINE_ITSELF, "Stopping of the tasks was interrupted"),
            new Saying(ENGINE_ITSELF, "Failure during stopping tasks"),
            new Saying(ENGINE_ITSELF, "Interrupted while waiting for shutdown"),
            new Saying(TASK, "Error while performing commit"),
            new Saying(SLOT, "Lsn flush executor did not terminate"),
            new Saying(SLOT, "Interrupted while shutting down lsn flush executor"),
            new Saying("io.debezium.jdbc.JdbcConnection", "Failed to close database connection"),
            new Saying(COORDINATOR, "Coordinator didn't stop in the expected time"),
            new Saying("io.debezium.connector.mysql.MySqlConnectorTask", "Exception while closing JDBC connection"),
            new Saying("io.debezium.util.Threads", "Operation {} timed out"),
            new Saying("io.debezium.util.Threads", "Operation {} failed"));

    private static final Saying UNREADABLE_DATABASE =
            new Saying("io.debezium.connector.binlog.jdbc.BinlogConnectorConnection", "\t skipping database '{}'");

    /** Databases of the server itself, which no snapshot reads, whoever may. */
    private static final Set<String> SYSTEM = Set.of("mysql", "sys", "information_schema", "performance_schema");

    private record Saying(String logger, String beginning) {}

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        // First, and nothing else: the engine asks this of several calls that are off for every change.
        if (level.levelInt < Level.WARN_INT
                || format == null
                || !logger.getName().startsWith(ENGINE)) {
            return FilterReply.NEUTRAL;
        }
        return isHandedOver(logger.getName(), format)
                        || isOfNoConcern(logger.getName(), format, parameters)
                        || isExpected(thrown(parameters, failure))
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }

    private static boolean isHandedOver(String logger, String format) {
        return HANDED_OVER.stream()
                .anyMatch(saying -> saying.logger().equals(logger) && format.startsWith(saying.beginning()));
    }

    private static boolean isOfNoConcern(String logger, String format, Object @Nullable [] parameters) {
        return UNREADABLE_DATABASE.logger().equals(logger)
                && format.startsWith(UNREADABLE_DATABASE.beginning())
                && parameters != null
                && parameters.length > 0
                && SYSTEM.contains(String.valueOf(parameters[0]));
    }

    /** A message with values has its failure behind them. */
    private static @Nullable Throwable thrown(Object @Nullable [] parameters, @Nullable Throwable failure) {
        if (failure == null && parameters != null && parameters.length > 0) {
            return parameters[parameters.length - 1] instanceof Throwable last ? last : null;
        }
        return failure;
    }

    private static boolean isExpected(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            // a time-out of a socket is an InterruptedIOException too, but nobody asked for it
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause.getClass() == InterruptedIOException.class
                    || cause instanceof SocketException
                    || cause instanceof EOFException
                    || cause instanceof SQLException sql && isLostConnection(sql.getSQLState())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isLostConnection(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }
}
