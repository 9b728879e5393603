package dev.tailrace.sink.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The databases that this version writes to. */
final class Dialects {

    /** In the order in which they are registered. */
    static final List<Dialect> ALL = ServiceLoader.load(Dialect.class, Dialect.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private Dialects() {}

    /** The dialect for a URL, empty when there is none. */
    static Optional<Dialect> of(String url) {
        return ALL.stream()
                .filter(d -> d.urlPrefixes().stream().anyMatch(url::startsWith))
                .findFirst();
    }
}
