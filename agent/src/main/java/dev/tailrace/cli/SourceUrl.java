package dev.tailrace.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The URL of a source database, taken apart. A password in it is noticed and kept nowhere; no message holds any part of the
 * URL that may belong to one.
 *
 * @param type {@code postgres} or {@code mysql}
 * @param host name or address, an IPv6 address in brackets
 * @param port of the URL, else the usual one
 * @param sslMode as the configuration spells it; empty when the URL says nothing
 * @param hasPassword whether the URL held one
 * @param leftOut names of parameters that the configuration has no place for
 */
record SourceUrl(
        String type,
        String host,
        int port,
        String user,
        String database,
        Optional<String> sslMode,
        boolean hasPassword,
        List<String> leftOut) {
    private static final Map<String, String> TYPES =
            Map.of("postgres", "postgres", "postgresql", "postgres", "mysql", "mysql");

    /** The spellings of both drivers. */
    private static final Map<String, String> SSL_MODES = Map.of(
            "disable", "disable",
            "disabled", "disable",
            "prefer", "prefer",
            "preferred", "prefer",
            "require", "require",
            "required", "require",
            "verify-ca", "verify-ca",
            "verify-full", "verify-full",
            "verify-identity", "verify-full");

    private static final String ENCODE =
            "in a user, password or database write / as %2F, ? as %3F, # as %23, @ as %40," + " : as %3A and % as %25";
    private static final String FORMS =
            "tailrace init postgres://user@host:5432/database\ntailrace init mysql://user@host:3306/database";

    /** The raw parts of a URL. */
    private record Parts(String userInfo, String hostPort, String path, String query) {}

    /** @throws Failure that names the one thing that is wrong */
    static SourceUrl parse(String url) throws Failure {
        String text = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        String type = TYPES.get(scheme);
        if (type == null) {
            throw wrong(
                    scheme.equals("mariadb")
                            ? "MariaDB is a target, not a source"
                            : "the URL of a source begins with postgres://, postgresql:// or mysql://",
                    FORMS);
        }
        return parse(type, parts(text.substring(colon + "://".length())));
    }

    private static SourceUrl parse(String type, Parts parts) throws Failure {
        int colon = parts.userInfo.indexOf(':');
        String user = decoded(colon < 0 ? parts.userInfo : parts.userInfo.substring(0, colon));
        boolean hasPassword = colon >= 0;
        Optional<String> sslMode = Optional.empty();
        List<String> leftOut = new ArrayList<>();
        for (String parameter : parts.query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            switch (name.toLowerCase(Locale.ROOT)) {
                case "" -> {}
                case "user" -> user = decoded(value);
                case "password" -> hasPassword = true;
                case "sslmode" -> sslMode = Optional.of(sslMode(value));
                default -> leftOut.add(parameterName(name));
            }
        }
        if (user.isEmpty()) {
            throw wrong("the URL names no user", FORMS);
        }
        String database = decoded(parts.path);
        if (database.isEmpty()) {
            throw wrong("the URL names no database", FORMS);
        }
        int portAt = parts.hostPort.startsWith("[")
                ? parts.hostPort.indexOf(':', Math.max(0, parts.hostPort.indexOf(']')))
                : parts.hostPort.indexOf(':');
        String host = portAt < 0 ? parts.hostPort : parts.hostPort.substring(0, portAt);
        int port = portAt < 0 ? (type.equals("mysql") ? 3306 : 5432) : port(parts.hostPort.substring(portAt + 1));
        return new SourceUrl(type, host(host), port, user, database, sslMode, hasPassword, leftOut);
    }

    private static Parts parts(String rest) throws Failure {
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(0, end);
        String behind = rest.substring(end);
        // an @ there is the one behind a password that was not encoded: nothing of it may be taken for anything else
        if (behind.indexOf('@') >= 0 || behind.indexOf('#') >= 0) {
            throw wrong("the URL has an @ or a # behind its host", ENCODE);
        }
        int question = behind.indexOf('?');
        String path = question < 0 ? behind : behind.substring(0, question);
        path = path.startsWith("/") ? path.substring(1) : path;
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (path.indexOf('/') >= 0) {
            throw wrong("the URL has more than the name of one database behind its host", ENCODE);
        }
        int at = authority.lastIndexOf('@');
        return new Parts(
                at < 0 ? "" : authority.substring(0, at),
                authority.substring(at + 1),
                path,
                question < 0 ? "" : behind.substring(question + 1));
    }

    private static String host(String host) throws Failure {
        if (host.isEmpty()) {
            throw wrong("the URL names no host", FORMS);
        }
        if (host.indexOf(',') >= 0) {
            throw wrong("the URL names several hosts; the source is one server", FORMS);
        }
        if (!host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
            throw wrong("the URL's host is neither a name nor an address (an IPv6 address stands in brackets)", ENCODE);
        }
        return host;
    }

    private static int port(String text) throws Failure {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw wrong("the URL's port is not a number from 1 to 65535 (an IPv6 address stands in brackets)", ENCODE);
        }
        return port;
    }

    private static String sslMode(String value) throws Failure {
        String mode = SSL_MODES.get(value.toLowerCase(Locale.ROOT).replace('_', '-'));
        if (mode == null) {
            throw wrong(
                    "the URL's sslmode is none that there is", "disable, prefer, require, verify-ca or verify-full");
        }
        return mode;
    }

    private static String parameterName(String name) throws Failure {
        if (!name.matches("[A-Za-z0-9_.-]{1,60}")) {
            throw wrong("the URL has a parameter whose name is not one", ENCODE);
        }
        return name;
    }

    /** Percent-encoded UTF-8; a + is a plus. */
    private static String decoded(String raw) throws Failure {
        ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 4);
        for (int i = 0; i < raw.length(); ) {
            if (raw.charAt(i) == '%') {
                String digits = raw.substring(Math.min(i + 1, raw.length()), Math.min(i + 3, raw.length()));
                if (!digits.matches("[0-9A-Fa-f]{2}")) {
                    throw wrong("the URL has a % without two hexadecimal digits behind it", ENCODE);
                }
                bytes.put((byte) Integer.parseInt(digits, 16));
                i += 3;
            } else {
                int c = raw.codePointAt(i);
                bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            if (text.codePoints().anyMatch(Character::isISOControl)) {
                throw wrong("the URL's user or database holds a control character", "");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw wrong("the URL's user or database is not UTF-8 text once it is decoded", "");
        }
    }

    private static Failure wrong(String message, String remedy) {
        return new Failure(ExitCode.CONFIGURATION, "INIT-URL", message, remedy, null);
    }
}
