package dev.tailrace.capture;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** The statistics of the running engine, as it offers them to JMX. */
public final class EngineStatistics {
    private EngineStatistics() {}

    /**
     * One figure.
     *
     * @param connector {@code postgres} or {@code mysql}
     * @param context {@code snapshot} or {@code streaming}
     */
    public static long of(String connector, String context, String attribute) throws JMException {
        ObjectName name = new ObjectName("debezium." + connector + ":type=connector-metrics,context=" + context
                + ",server=" + EngineRecord.TOPIC_PREFIX);
        return (long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
    }
}
