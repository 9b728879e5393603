package dev.tailrace.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * What was built from which parts; filled in by the build.
 *
 * @param tailrace version of this product
 * @param debezium version of the capture engine
 * @param chronicleQueue version of the journal's library
 */
public record Version(String tailrace, String debezium, String chronicleQueue) {
    private static final Version CURRENT = load();

    /** Of the running program. */
    public static Version current() {
        return CURRENT;
    }

    /** The Java virtual machine as its vendor calls it. */
    public static String java() {
        return Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")";
    }

    private static Version load() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream("version.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(
                properties.getProperty("tailrace", "unknown"),
                properties.getProperty("debezium", "unknown"),
                properties.getProperty("chronicle-queue", "unknown"));
    }
}
