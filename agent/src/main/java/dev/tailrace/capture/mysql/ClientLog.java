package dev.tailrace.capture.mysql;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log client says through java.util.logging, which would go to standard error: warnings go to our log, and the rest,
 * which the engine says too, to nobody.
 */
final class ClientLog extends Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    /** Held, because loggers that nobody holds are forgotten with their settings. */
    private static final java.util.logging.Logger CLIENT =
            java.util.logging.Logger.getLogger("com.github.shyiko.mysql.binlog");

    static {
        CLIENT.setUseParentHandlers(false);
        CLIENT.addHandler(new ClientLog());
    }

    private ClientLog() {}

    /** Once is enough; more does no harm. */
    static void route() {
        CLIENT.setLevel(Level.WARNING);
    }

    @Override
    public void publish(LogRecord message) {
        LOG.warn("{}", message.getMessage(), message.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
