package dev.tailrace.admin;

import dev.tailrace.event.TableId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The agent's metrics, listed in docs/metrics.md. Names begin with {@code tailrace_}, units are seconds and bytes, labels
 * are {@code sink} and {@code table} at most. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    /** Borders of the delivery lag's buckets; the objectives 1 s and 10 s are among them. */
    private static final Duration[] LAG_BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<TableId, Counter> captured = new ConcurrentHashMap<>();
    private final Map<SinkTable, Counter> applied = new ConcurrentHashMap<>();
    private final Map<String, Timer> lags = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();

    /** Each registers the tables that have come since. */
    private final List<Runnable> byTable = new CopyOnWriteArrayList<>();

    private record SinkTable(String sink, TableId table) {}

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Events of a table that are fsynced in the journal. */
    public void captured(TableId table, long events) {
        captured.computeIfAbsent(
                        table,
                        t -> Counter.builder("tailrace.events.captured")
                                .description("Changes captured and fsynced in the journal")
                                .tag("table", t.toString())
                                .register(registry))
                .increment(events);
    }

    /** Makes a sink's metrics appear before its first change. */
    public void sink(String sink) {
        lag(sink);
        retries(sink);
    }

    /**
     * Changes of a table that are durable at the target of a sink.
     *
     * @param lag from the commit of the oldest of them at the source to now
     */
    public void applied(String sink, TableId table, long events, Duration lag) {
        applied.computeIfAbsent(
                        new SinkTable(sink, table),
                        key -> Counter.builder("tailrace.events.applied")
                                .description("Changes durable at the target")
                                .tag("sink", sink)
                                .tag("table", table.toString())
                                .register(registry))
                .increment(events);
        lag(sink).record(lag.isNegative() ? Duration.ZERO : lag);
    }

    /** One attempt that failed and will be repeated. */
    public void retried(String sink) {
        retries(sink).increment();
    }

    private Timer lag(String sink) {
        return lags.computeIfAbsent(
                sink,
                s -> Timer.builder("tailrace.sink.lag")
                        .description("From commit at the source to durable at the target")
                        .tag("sink", s)
                        .serviceLevelObjectives(LAG_BUCKETS)
                        .register(registry));
    }

    private Counter retries(String sink) {
        return retries.computeIfAbsent(
                sink,
                s -> Counter.builder("tailrace.sink.retries")
                        .description("Attempts that failed and were repeated")
                        .tag("sink", s)
                        .register(registry));
    }

    /** A value that goes up and down; NaN when unknown. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** A number that only grows; {@code _total} is appended to the name. */
    public void counter(String name, String description, DoubleSupplier value) {
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .register(registry);
    }

    /** A value of a sink that goes up and down; NaN when unknown. */
    public void sinkGauge(String name, String description, String sink, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("sink", sink)
                .strongReference(true)
                .register(registry);
    }

    /** A number of a sink that only grows; {@code _total} is appended to the name. */
    public void sinkCounter(String name, String description, String sink, DoubleSupplier value) {
        FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("sink", sink)
                .register(registry);
    }

    /**
     * Numbers of tables that only grow; {@code _total} is appended to the name. Tables may come at any time.
     *
     * @param values by table, asked for at every scrape
     */
    public void tableCounter(String name, String description, Supplier<Map<String, Long>> values) {
        Set<String> known = ConcurrentHashMap.newKeySet();
        byTable.add(() -> values.get().keySet().stream()
                .filter(known::add)
                .forEach(table -> FunctionCounter.builder(
                                name, values, numbers -> numbers.get().getOrDefault(table, 0L))
                        .description(description)
                        .tag("table", table)
                        .register(registry)));
    }

    /** The Prometheus text format. */
    public String scrape() {
        byTable.forEach(Runnable::run);
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
