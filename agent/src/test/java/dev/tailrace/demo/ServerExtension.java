package dev.tailrace.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands out one embedded server to all tests of a run; stopped and removed at its end. */
public final class ServerExtension implements ParameterResolver {
    private record Running(Path directory, EmbeddedServer server) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            server.close();
            try (Stream<Path> found = Files.walk(directory)) {
                for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }

        static Running start() {
            try {
                Path directory = Files.createTempDirectory("tailrace-tests");
                return new Running(directory, EmbeddedServer.start(directory));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class)
                .server();
    }
}
