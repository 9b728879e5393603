package dev.tailrace.admin;

import dev.tailrace.config.Secret;
import dev.tailrace.config.Settings;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code admin} mapping of the configuration.
 *
 * @param host as written, without the brackets of an IPv6 address
 * @param port 0 for any free one, which only tests want
 * @param token what a client must present; always there when the host is not loopback
 */
public record AdminSettings(String host, int port, Optional<Secret> token) {
    /** Where the endpoint listens when nothing is said. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:9480";

    private static final Pattern LISTEN = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\s]+)):(\\d{1,5})");
    private static final int MINIMUM_TOKEN = 16;

    /** Reads the mapping and reports its problems into it. */
    public static AdminSettings read(Settings settings) {
        String listen = settings.text("listen", DEFAULT_LISTEN);
        Optional<Secret> token = settings.secret("token");
        Matcher matcher = LISTEN.matcher(listen);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            settings.problem("listen", "is not host:port, such as " + DEFAULT_LISTEN + " or [::1]:9480");
            return new AdminSettings("127.0.0.1", 0, token);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (!loopback(host) && token.isEmpty()) {
            settings.problem(
                    "token",
                    "is needed because admin.listen is " + listen
                            + ", which others can reach: set admin.token to a secret, such as ${file:/run/credentials/token},"
                            + " or listen on 127.0.0.1");
        }
        if (token.isPresent() && token.get().reveal().length() < MINIMUM_TOKEN) {
            settings.problem("token", "is shorter than " + MINIMUM_TOKEN + " characters");
        }
        return new AdminSettings(host, Integer.parseInt(matcher.group(3)), token);
    }

    /** {@code host:port} as it is written in the configuration. */
    public String listen() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** By the name alone: no look-up is made while the configuration is read. */
    private static boolean loopback(String host) {
        return host.toLowerCase(Locale.ROOT).equals("localhost")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1");
    }
}
