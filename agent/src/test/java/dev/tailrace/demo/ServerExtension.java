package dev.tailrace.demo;

import dev.tailrace.server.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Hands out servers, one of each kind to all tests of a run; stopped and removed at its end. An {@link EmbeddedServer} is
 * the PostgreSQL, a {@link SourceServer} what the suite, or the one around it, captures from by its {@link CapturesFrom}.
 */
public final class ServerExtension implements ParameterResolver {
    private record Running(Path directory, SourceServer server) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            server.close();
            try (Stream<Path> found = Files.walk(directory)) {
                for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }

        static Running start(SourceKind kind) {
            try {
                Path directory = Files.createTempDirectory("tailrace-tests");
                return new Running(
                        directory,
                        kind == SourceKind.POSTGRES
                                ? EmbeddedServer.start(directory)
                                : MySqlSourceServer.start(
                                        TestServers.mysqlHome(), directory, kind == SourceKind.MYSQL_GTID));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == EmbeddedServer.class || type == SourceServer.class || type == SourceKind.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        SourceKind kind = type == EmbeddedServer.class ? SourceKind.POSTGRES : kind(context);
        return type == SourceKind.class ? kind : server(kind, context);
    }

    private static SourceServer server(SourceKind kind, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(kind, Running::start, Running.class)
                .server();
    }

    private static SourceKind kind(ExtensionContext context) {
        Class<?> suite = context.getRequiredTestClass();
        while (suite != null) {
            Optional<CapturesFrom> said = AnnotationSupport.findAnnotation(suite, CapturesFrom.class);
            if (said.isPresent()) {
                return said.get().value();
            }
            suite = suite.getEnclosingClass();
        }
        return SourceKind.POSTGRES;
    }
}
