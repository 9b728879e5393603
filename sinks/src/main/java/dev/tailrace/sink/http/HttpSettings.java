package dev.tailrace.sink.http;

import dev.tailrace.config.Secret;
import dev.tailrace.sink.ErrorRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The typed configuration of one HTTP sink.
 *
 * @param url where to post; may hold secrets in its query, so only {@link #shownUrl} goes into messages
 * @param headers sent with every request; values may be secrets
 * @param signer signs requests when a signing secret is configured
 * @param timeout for one request from its start to the end of its answer
 * @param connections lanes, each with at most one request in flight
 * @param batchEvents most changes in one request; with 1 a request is a single object instead of an array
 * @param batchBytes a request grows to about this many bytes before compression; one change may be larger
 * @param gzip whether bodies above 1 kB are compressed
 * @param caFile certificates in PEM to trust instead of the platform's
 */
record HttpSettings(
        URI url,
        Format format,
        Map<String, Secret> headers,
        Optional<Secret> bearerToken,
        Optional<Signer> signer,
        Duration timeout,
        Duration connectTimeout,
        int connections,
        int batchEvents,
        long batchBytes,
        boolean gzip,
        Optional<Path> caFile,
        ErrorRules errors) {
    HttpSettings {
        headers = Map.copyOf(headers);
    }

    /** The URL without its query. */
    String shownUrl() {
        return shown(url);
    }

    static String shown(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + (url.getRawPath() == null ? "" : url.getRawPath()) + (url.getRawQuery() == null ? "" : "?********");
    }

    boolean encrypted() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : encrypted() ? 443 : 80;
    }

    /** Shows no secret: the URL may hold one. */
    @Override
    public String toString() {
        return "settings of the http sink to " + shownUrl();
    }
}
