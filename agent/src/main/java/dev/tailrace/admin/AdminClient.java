package dev.tailrace.admin;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a running agent for its status, and gives it orders, at {@code admin.listen}. */
public final class AdminClient {
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private AdminClient() {}

    /**
     * The running agent's report.
     *
     * @throws AdminException ADMIN-UNREACHABLE when nothing listens there, ADMIN-UNAUTHORIZED, ADMIN-ANSWER
     */
    public static StatusReport status(AdminSettings settings) throws AdminException {
        try {
            return StatusJson.read(ask(settings, "GET", "/api/status"));
        } catch (IOException e) {
            throw new AdminException(
                    "ADMIN-ANSWER", "what listens on " + settings.listen() + " is no Tailrace agent", "", e);
        }
    }

    /**
     * Lets a held table of a sink go on.
     *
     * @return false when that sink does not hold it
     * @throws AdminException as {@link #status}, and ADMIN-NOT-YET while the sink does not know what it holds
     */
    public static boolean approve(AdminSettings settings, String sink, String table) throws AdminException {
        String query = "?sink=" + encoded(sink) + "&table=" + encoded(table);
        return !ask(settings, "POST", AdminHandler.APPROVE + query).isEmpty();
    }

    /**
     * Pauses or resumes a sink of a running agent.
     *
     * @return false when it has no such sink
     * @throws AdminException as {@link #status}, and ADMIN-ORDER when the agent cannot keep the order
     */
    public static boolean order(AdminSettings settings, SinkOrder order, String sink, String reason)
            throws AdminException {
        String query = "?sink=" + encoded(sink) + "&reason=" + encoded(reason);
        return !ask(settings, "POST", order.path() + query).isEmpty();
    }

    /** Who gives an order, as far as this process knows. */
    public static String operator() {
        String name = System.getProperty("user.name", "").replaceAll("[^\\x21-\\x7e]", "?");
        return name.isEmpty() ? "?" : name;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The answer; empty when what was asked for is not there. */
    private static String ask(AdminSettings settings, String method, String path) throws AdminException {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + reachable(settings) + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setRequestMethod(method);
            connection.setRequestProperty(AdminHandler.ORDER_HEADER, operator());
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            settings.token()
                    .ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token.reveal()));
            int status = connection.getResponseCode();
            if (status == 401) {
                throw new AdminException(
                        "ADMIN-UNAUTHORIZED",
                        "what listens on " + settings.listen() + " refuses admin.token",
                        "Use the configuration file that the running agent was started with.",
                        null);
            }
            if (status == 404 && method.equals("POST")) {
                return "";
            }
            if (status == 409 && method.equals("POST")) {
                throw new AdminException(
                        "ADMIN-NOT-YET",
                        "a sink has not reached its target since the agent's start: what it holds is not known",
                        "Try again when tailrace status shows the sink as running.",
                        null);
            }
            if (status == 507) {
                throw new AdminException(
                        "ADMIN-ORDER",
                        "the agent cannot keep the order over a restart, and so does not carry it out",
                        "See its log: the disk is full, or the data directory is not its own.",
                        null);
            }
            if (status != 200) {
                throw new AdminException(
                        "ADMIN-ANSWER", "what listens on " + settings.listen() + " answered " + status, "", null);
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new AdminException(
                    "ADMIN-UNREACHABLE", "no agent answers on " + settings.listen() + ": " + e.getMessage(), "", e);
        }
    }

    /** A server that listens on every address is asked on loopback. */
    private static String reachable(AdminSettings settings) {
        return switch (settings.host()) {
            case "0.0.0.0" -> "127.0.0.1:" + settings.port();
            case "::" -> "[::1]:" + settings.port();
            default -> settings.listen();
        };
    }
}
