package dev.tailrace.sink.http;

import dev.tailrace.config.DataSize;
import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import dev.tailrace.sink.ErrorRules;
import dev.tailrace.sink.SinkFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sinks of type {@code http}. Keys: {@code url}, {@code format} (cloudevents, debezium, row), {@code headers}, {@code
 * bearer-token}, {@code signing-secret}, {@code timeout}, {@code connect-timeout}, {@code connections}, {@code
 * batch-events}, {@code batch-bytes}, {@code compression} (none, gzip), {@code tls.ca-file}.
 */
public final class HttpSinkFactory implements SinkFactory {
    /** Set by the sink itself. */
    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "content-encoding",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
            "idempotency-key",
            "user-agent");

    private final Clock clock;

    public HttpSinkFactory() {
        this(Clock.systemUTC());
    }

    HttpSinkFactory(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Definition configure(Settings settings) {
        Duration timeout =
                settings.duration("timeout", Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofMinutes(10));
        HttpSettings typed = new HttpSettings(
                url(settings),
                Format.ofWord(settings.choice(
                        "format",
                        Format.CLOUDEVENTS.word(),
                        Stream.of(Format.values()).map(Format::word).toList())),
                headers(settings),
                settings.secret("bearer-token"),
                signer(settings),
                timeout,
                settings.duration(
                        "connect-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMinutes(2)),
                settings.number("connections", 4, 1, 64),
                settings.number("batch-events", 500, 1, 100_000),
                settings.size("batch-bytes", DataSize.ofMebibytes(1), new DataSize(1024), DataSize.ofMebibytes(256))
                        .bytes(),
                settings.choice("compression", "none", List.of("none", "gzip")).equals("gzip"),
                caFile(settings.nested("tls")),
                ErrorRules.read(settings, "[345]xx|[345][0-9][0-9]", "422 or 5xx"));
        return new HttpDefinition(typed, clock);
    }

    private static URI url(Settings settings) {
        URI unusable = URI.create("http://localhost");
        String text = settings.text("url");
        if (text.isEmpty()) {
            return unusable;
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // The exception's message quotes the text, which may hold a secret.
            settings.problem("url", "is not a URL; write https://host:port/path");
            return unusable;
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            settings.problem("url", "begins with neither http:// nor https://");
            return unusable;
        }
        if (url.getHost() == null) {
            settings.problem("url", "names no host; write https://host:port/path");
            return unusable;
        }
        if (url.getRawUserInfo() != null) {
            settings.problem("url", "holds a user or a password; use bearer-token or headers.Authorization instead");
            return unusable;
        }
        if (url.getRawFragment() != null) {
            settings.problem("url", "ends with a fragment (#...), which is never sent; leave it out");
        }
        return url;
    }

    private static Map<String, Secret> headers(Settings settings) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        settings.passThrough("headers").forEach((name, value) -> {
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                settings.problem("headers", "sets " + name + ", which the sink sets itself");
                return;
            }
            try {
                HttpRequest.newBuilder().setHeader(name, value);
                headers.put(name, new Secret(value));
            } catch (IllegalArgumentException e) {
                settings.problem("headers", "sets " + name + ", which is not allowed or has a value that is not");
            }
        });
        return headers;
    }

    private static Optional<Signer> signer(Settings settings) {
        try {
            return settings.secret("signing-secret").map(Signer::of);
        } catch (IllegalArgumentException e) {
            settings.problem("signing-secret", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<Path> caFile(Settings tls) {
        try {
            return tls.optionalText("ca-file").map(Path::of);
        } catch (InvalidPathException e) {
            tls.problem("ca-file", "is not a path");
            return Optional.empty();
        }
    }
}
