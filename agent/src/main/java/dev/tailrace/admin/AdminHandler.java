package dev.tailrace.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tailrace.config.Secret;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request: path, method, token, then what the view says. Thread-safe. */
final class AdminHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    static final String APPROVE = "/api/schema/approve";
    /** Names the operator; see {@link #order}. */
    static final String ORDER_HEADER = "Tailrace-Order";

    private static final String JSON = "application/json; charset=utf-8";

    private final AdminView view;
    private final Optional<byte[]> token;
    private final StatusPage page = StatusPage.load();

    AdminHandler(AdminView view, Optional<Secret> token) {
        this.view = view;
        this.token = token.map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8));
    }

    private record Answer(int status, String type, String body) {}

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            send(exchange, answer);
        } catch (RuntimeException e) {
            LOG.warn("admin request failed", e);
            throw e;
        }
    }

    private Answer answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals(APPROVE) || sinkOrder(path).isPresent()) {
            return order(exchange, path, method);
        }
        if (!List.of("/", "/livez", "/readyz", "/metrics", "/api/status").contains(path)) {
            return new Answer(404, JSON, StatusJson.compact(Map.of("error", "no such page")));
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return new Answer(405, JSON, StatusJson.compact(Map.of("error", "only GET and HEAD are allowed")));
        }
        // "alive" tells nothing and is asked by watchdogs that hold no secrets.
        if (!path.equals("/livez") && !authorized(exchange.getRequestHeaders())) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"tailrace\", charset=\"UTF-8\"");
            return new Answer(
                    401,
                    JSON,
                    StatusJson.compact(Map.of("error", "admin.token is needed, as bearer token or as password")));
        }
        return switch (path) {
            case "/livez" -> health(view.alive() ? List.of() : List.of("the supervisor does not turn"));
            case "/readyz" -> health(readiness());
            case "/metrics" -> new Answer(200, "text/plain; version=0.0.4; charset=utf-8", view.metrics());
            case "/api/status" -> new Answer(200, JSON, StatusJson.compact(view.status()));
            default -> {
                exchange.getResponseHeaders().set("Content-Security-Policy", page.policy());
                yield new Answer(200, "text/html; charset=utf-8", page.html());
            }
        };
    }

    private static Optional<SinkOrder> sinkOrder(String path) {
        return Stream.of(SinkOrder.values())
                .filter(order -> order.path().equals(path))
                .findFirst();
    }

    /** A page of another site can make a browser post here, but not with a header of its own. */
    private Answer order(HttpExchange exchange, String path, String method) {
        if (!method.equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            return new Answer(405, JSON, StatusJson.compact(Map.of("error", "only POST is allowed")));
        }
        if (!authorized(exchange.getRequestHeaders())) {
            return new Answer(401, JSON, StatusJson.compact(Map.of("error", "admin.token is needed")));
        }
        String operator = exchange.getRequestHeaders().getFirst(ORDER_HEADER);
        if (operator == null) {
            return new Answer(
                    403, JSON, StatusJson.compact(Map.of("error", "the header " + ORDER_HEADER + " is needed")));
        }
        Map<String, String> asked = query(exchange.getRequestURI().getRawQuery());
        Optional<SinkOrder> order = sinkOrder(path);
        return order.isPresent() ? order(order.get(), asked, operator) : approve(asked, operator);
    }

    private Answer order(SinkOrder order, Map<String, String> asked, String operator) {
        String sink = asked.getOrDefault("sink", "");
        try {
            return view.order(order, sink, operator, asked.getOrDefault("reason", ""))
                    ? new Answer(200, JSON, StatusJson.compact(Map.of("ordered", order.label())))
                    : new Answer(404, JSON, StatusJson.compact(Map.of("error", "there is no sink " + sink)));
        } catch (IOException e) {
            return new Answer(507, JSON, StatusJson.compact(Map.of("error", "the order cannot be kept: " + e)));
        }
    }

    private Answer approve(Map<String, String> asked, String operator) {
        String sink = asked.getOrDefault("sink", "");
        String table = asked.getOrDefault("table", "");
        return switch (view.approve(sink, table, operator)) {
            case GIVEN -> new Answer(200, JSON, StatusJson.compact(Map.of("approved", true)));
            case NOT_HELD ->
                new Answer(404, JSON, StatusJson.compact(Map.of("error", "sink " + sink + " does not hold " + table)));
            case UNKNOWN ->
                new Answer(
                        409,
                        JSON,
                        StatusJson.compact(
                                Map.of("error", "sink " + sink + " has not reached its target since the start")));
        };
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int at = pair.indexOf('=');
            if (at > 0) {
                values.put(
                        URLDecoder.decode(pair.substring(0, at), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    private List<String> readiness() {
        return view.alive() ? view.status().notReady() : List.of("the supervisor does not turn");
    }

    private record Health(String status, List<String> reasons) {}

    private static Answer health(List<String> reasons) {
        return reasons.isEmpty()
                ? new Answer(200, JSON, StatusJson.compact(new Health("up", reasons)))
                : new Answer(503, JSON, StatusJson.compact(new Health("down", reasons)));
    }

    private boolean authorized(Headers headers) {
        if (token.isEmpty()) {
            return true;
        }
        String header = Optional.ofNullable(headers.getFirst("Authorization")).orElse("");
        String scheme = header.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        String credentials =
                header.substring(Math.min(header.length(), scheme.length())).trim();
        byte[] presented;
        if (scheme.equals("bearer")) {
            presented = credentials.getBytes(StandardCharsets.UTF_8);
        } else if (scheme.equals("basic")) {
            // Any user name: browsers ask for one.
            presented = password(credentials).getBytes(StandardCharsets.UTF_8);
        } else {
            return false;
        }
        // Takes the same time wherever the first difference is.
        return MessageDigest.isEqual(token.get(), presented);
    }

    private static String password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
