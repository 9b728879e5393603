package dev.tailrace.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * The status page: one file without outside parts, and the policy that lets a browser run exactly its script and style.
 *
 * @param html the page
 * @param policy the value of {@code Content-Security-Policy}
 */
record StatusPage(String html, String policy) {

    static StatusPage load() {
        try (InputStream in = Objects.requireNonNull(StatusPage.class.getResourceAsStream("status.html"))) {
            String html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String policy = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'; style-src '" + digest(between(html, "<style>", "</style>"))
                    + "'; script-src '" + digest(between(html, "<script>", "</script>")) + "'";
            return new StatusPage(html, policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String between(String html, String opening, String closing) {
        int start = html.indexOf(opening) + opening.length();
        return html.substring(start, html.indexOf(closing, start));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
