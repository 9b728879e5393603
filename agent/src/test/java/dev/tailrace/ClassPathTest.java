package dev.tailrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Debezium and Chronicle would bring along stays out: telemetry, a web server, natives, a second logger. */
class ClassPathTest {
    private static final String UNWANTED = "(chronicle-analytics|affinity|jna|jnr|jffi|jersey|jetty|hk2|jakarta|javax"
            + "|aopalliance|jose4j|classgraph|swagger|javassist|osgi-|lz4|snappy|log4j|reload4j|slf4j-simple"
            + "|commons-logging|mockito).*";

    private static List<String> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .toList();
    }

    @Test
    void holdsNoUnwantedJar() {
        assertThat(jars())
                .anyMatch(jar -> jar.startsWith("chronicle-queue-"))
                .anyMatch(jar -> jar.startsWith("connect-"));
        assertThat(jars()).noneMatch(jar -> jar.matches(UNWANTED));
    }

    /** Also not inside of another jar. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "net.openhft.chronicle.analytics.Analytics",
                "org.glassfish.jersey.server.ResourceConfig",
                "org.eclipse.jetty.server.Server",
                "org.glassfish.hk2.api.ServiceLocator",
                "org.xerial.snappy.Snappy",
                "jnr.ffi.LibraryLoader",
                "com.sun.jna.Native",
            })
    void holdsNoUnwantedClass(String name) {
        assertThat(ClassPathTest.class.getClassLoader().getResource(name.replace('.', '/') + ".class"))
                .isNull();
    }

    /** The options of the product reach the tests; without these Chronicle would open a queue read-only. */
    @Test
    void runsWithTheOptionsOfTheProduct() {
        assertThat(System.getProperty("chronicle.analytics.disable")).isEqualTo("true");
        assertThat(Class.class.getModule().isExported("sun.nio.ch", ClassPathTest.class.getModule()))
                .isTrue();
    }
}
