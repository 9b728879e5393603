package dev.tailrace.capture;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is told of rows whose values in a new column are not known. */
public final class Warnings implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ExistingRows.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    public Warnings() {
        log.start();
        logger.addAppender(log);
    }

    /** Those of one table. */
    public List<String> of(String table) {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains(" of " + table + " "))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(log);
    }
}
