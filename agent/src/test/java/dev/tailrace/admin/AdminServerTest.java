package dev.tailrace.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.admin.StatusReport.AgentPart;
import dev.tailrace.admin.StatusReport.AgentState;
import dev.tailrace.admin.StatusReport.JournalPart;
import dev.tailrace.admin.StatusReport.Problem;
import dev.tailrace.admin.StatusReport.SinkPart;
import dev.tailrace.admin.StatusReport.SourceLogPart;
import dev.tailrace.admin.StatusReport.SourcePart;
import dev.tailrace.config.Secret;
import dev.tailrace.event.TableId;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private static final Problem LOST_SLOT =
            new Problem("SOURCE-SLOT-GONE", "the slot <tailrace_shop> is gone", "take a new snapshot");

    private final AtomicReference<StatusReport> status = new AtomicReference<>(report("streaming", "running", null));
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private final Metrics metrics = new Metrics();
    private final List<AdminServer> servers = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        servers.forEach(AdminServer::close);
        metrics.close();
    }

    @Test
    void readinessTellsTheTrueStateOfSourceAndSinks() throws Exception {
        int port = start(Optional.empty());
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(port, "/readyz").body()).isEqualTo("{\"status\":\"up\",\"reasons\":[]}");

        status.set(report("halted", "running", LOST_SLOT));
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
        assertThat(get(port, "/readyz").body())
                .isEqualTo("{\"status\":\"down\",\"reasons\":[\"source is halted: SOURCE-SLOT-GONE: the slot"
                        + " <tailrace_shop> is gone\"]}");

        status.set(report("waiting", "running", null));
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
        status.set(report("streaming", "halted", null));
        assertThat(get(port, "/readyz").body()).contains("sink warehouse is halted");
        status.set(report("snapshot", "retrying", null));
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void aDeadSupervisorIsNeitherAliveNorReady() throws Exception {
        int port = start(Optional.empty());
        alive.set(false);
        assertThat(get(port, "/livez").statusCode()).isEqualTo(503);
        assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void statusHasTheDocumentedShape() throws Exception {
        HttpResponse<String> answer = get(start(Optional.empty()), "/api/status");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.body())
                .isEqualTo("{\"agent\":{\"name\":\"shop\",\"state\":\"running\",\"epoch\":3,\"uptime_s\":12,"
                        + "\"version\":\"1.0\"},"
                        + "\"source\":{\"type\":\"postgres\",\"state\":\"streaming\",\"position\":\"0/16B3748\","
                        + "\"lag_ms\":40,\"snapshot\":null,\"last_error\":null,\"log\":{\"state\":\"extended\","
                        + "\"retained_bytes\":700,\"limit_bytes\":1000,\"left_bytes\":300,\"bytes_per_second\":5,"
                        + "\"hours_left\":0.1}},"
                        + "\"journal\":{\"first_sequence\":1,\"durable_sequence\":77,\"bytes\":4096,"
                        + "\"hours_left\":null,\"max_bytes\":1000000,\"usable_bytes\":2000000,\"needed_bytes\":4000,"
                        + "\"reserve_bytes\":1024,\"bytes_per_second\":9,\"level\":\"low\"},"
                        + "\"sinks\":[{\"name\":\"warehouse\",\"type\":\"jdbc\",\"state\":\"running\","
                        + "\"applied_sequence\":70,\"pending_events\":7,\"lag_ms\":100,\"dead_letters\":0,"
                        + "\"parked_keys\":0,\"held\":[],\"last_error\":null}],"
                        + "\"warnings\":[{\"code\":\"JOURNAL-BUDGET-LOW\",\"message\":\"m\",\"remedy\":\"r\"}]}");
        assertThat(StatusJson.read(answer.body())).isEqualTo(status.get());
    }

    @Test
    void aHeldTableIsApprovedByAnOrderAndByNothingElse() throws Exception {
        int port = start(Optional.empty());
        String path = "/api/schema/approve?sink=warehouse&table=public.orders";
        assertThat(get(port, path).statusCode()).isEqualTo(405);
        assertThat(post(port, path, false).statusCode())
                .as("what the page of another site could make a browser do")
                .isEqualTo(403);
        assertThat(post(port, path, true).body()).isEqualTo("{\"approved\":true}");
        assertThat(post(port, "/api/schema/approve?sink=warehouse&table=public.items", true)
                        .statusCode())
                .isEqualTo(404);
        AdminSettings settings = new AdminSettings("127.0.0.1", port, Optional.empty());
        assertThat(AdminClient.approve(settings, "warehouse", "public.orders")).isTrue();
        assertThat(AdminClient.approve(settings, "archive", "public.orders")).isFalse();
        assertThatThrownBy(() -> AdminClient.approve(settings, "unreached", "public.orders"))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-NOT-YET"));
    }

    @Test
    void aSinkIsPausedAndResumedByAnOrderAndByNothingElse() throws Exception {
        int port = start(Optional.empty());
        String path = "/api/sinks/pause?sink=warehouse&reason=new+disk";
        assertThat(get(port, path).statusCode()).isEqualTo(405);
        assertThat(post(port, path, false).statusCode()).isEqualTo(403);
        assertThat(orders).isEmpty();
        assertThat(post(port, path, true).body()).isEqualTo("{\"ordered\":\"pause\"}");
        AdminSettings settings = new AdminSettings("127.0.0.1", port, Optional.empty());
        assertThat(AdminClient.order(settings, SinkOrder.RESUME, "warehouse", "done & well"))
                .isTrue();
        assertThat(orders)
                .containsExactly(
                        "PAUSE warehouse 1 new disk", "RESUME warehouse " + AdminClient.operator() + " done & well");
        assertThat(AdminClient.order(settings, SinkOrder.PAUSE, "archive", "")).isFalse();
        assertThatThrownBy(() -> AdminClient.order(settings, SinkOrder.PAUSE, "full", ""))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-ORDER"));
        int guarded = start(Optional.of(new Secret("0123456789abcdef")));
        assertThat(post(guarded, path, true).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> post(int port, String path, boolean order) throws Exception {
        HttpRequest.Builder request = request(port, path).POST(HttpRequest.BodyPublishers.noBody());
        return client.send((order ? request.header("Tailrace-Order", "1") : request).build(), BodyHandlers.ofString());
    }

    @Test
    void metricsBearTheDocumentedNames() throws Exception {
        metrics.captured(new TableId("public", "orders"), 5);
        metrics.applied("warehouse", new TableId("public", "orders"), 4, Duration.ofMillis(300));
        metrics.retried("warehouse");
        metrics.gauge("tailrace.source.lag.seconds", "lag", () -> 0.25);
        metrics.sinkCounter("tailrace.dead.letters", "dead letters", "warehouse", () -> 2);
        String text = get(start(Optional.empty()), "/metrics").body();
        assertThat(text)
                .contains("tailrace_events_captured_total{table=\"public.orders\"} 5.0")
                .contains("tailrace_sink_lag_seconds_bucket{sink=\"warehouse\",le=\"0.25\"} 0")
                .contains("tailrace_sink_lag_seconds_bucket{sink=\"warehouse\",le=\"1.0\"} 1")
                .contains("tailrace_sink_lag_seconds_count{sink=\"warehouse\"} 1")
                .contains("tailrace_source_lag_seconds 0.25")
                .contains("tailrace_sink_retries_total{sink=\"warehouse\"} 1.0")
                .contains("tailrace_dead_letters_total{sink=\"warehouse\"} 2.0")
                .contains("tailrace_events_applied_total{sink=\"warehouse\",table=\"public.orders\"} 4.0")
                .contains("jvm_memory_used_bytes");

        Map<String, Long> counts = new ConcurrentHashMap<>();
        metrics.tableCounter("tailrace.source.zero.dates", "dates", () -> counts);
        assertThat(metrics.scrape()).doesNotContain("tailrace_source_zero_dates");
        counts.put("shop.orders", 3L);
        assertThat(metrics.scrape()).contains("tailrace_source_zero_dates_total{table=\"shop.orders\"} 3.0");
        counts.put("shop.orders", 4L);
        counts.put("shop.items", 1L);
        assertThat(metrics.scrape())
                .contains("tailrace_source_zero_dates_total{table=\"shop.orders\"} 4.0")
                .contains("tailrace_source_zero_dates_total{table=\"shop.items\"} 1.0");
    }

    @Test
    void thePageAllowsItsOwnPartsOnly() throws Exception {
        HttpResponse<String> page = get(start(Optional.empty()), "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; connect-src 'self'")
                .contains("script-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("innerHTML");
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        int port = start(Optional.empty());
        assertThat(get(port, "/etc/passwd").statusCode()).isEqualTo(404);
        assertThat(get(port, "/metrics/").statusCode()).isEqualTo(404);
        HttpResponse<String> post = client.send(
                request(port, "/api/status")
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");
        HttpResponse<String> head = client.send(
                request(port, "/api/status")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isGreaterThan(100);
    }

    @Test
    void aTokenIsAskedForEverythingThatTellsSomething() throws Exception {
        int port = start(Optional.of(new Secret("a-long-enough-secret")));
        assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        for (String path : List.of("/", "/readyz", "/metrics", "/api/status")) {
            assertThat(get(port, path).statusCode()).as(path).isEqualTo(401);
            assertThat(get(port, path, "Bearer a-long-enough-secret").statusCode())
                    .as(path)
                    .isEqualTo(200);
            assertThat(get(port, path, "Bearer a-long-enough-secre").statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(get(port, path, basic("me:a-long-enough-secret")).statusCode())
                    .as(path)
                    .isEqualTo(200);
            assertThat(get(port, path, basic("a-long-enough-secret:no")).statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(get(port, path, "Basic !!!").statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void theClientReadsWhatTheServerSays() throws Exception {
        Secret token = new Secret("a-long-enough-secret");
        int port = start(Optional.of(token));
        assertThat(AdminClient.status(new AdminSettings("127.0.0.1", port, Optional.of(token))))
                .isEqualTo(status.get());
        assertThatThrownBy(() -> AdminClient.status(new AdminSettings("127.0.0.1", port, Optional.empty())))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-UNAUTHORIZED"));
        servers.forEach(AdminServer::close);
        assertThatThrownBy(() -> AdminClient.status(new AdminSettings("127.0.0.1", port, Optional.empty())))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-UNREACHABLE"));
    }

    @Test
    void clientsThatSendNothingDoNotKeepOthersOut() throws Exception {
        int port = start(Optional.empty());
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket("127.0.0.1", port);
                socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aPortInUseIsNamedWithItsKey() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            AdminSettings settings = new AdminSettings("127.0.0.1", other.getLocalPort(), Optional.empty());
            assertThatThrownBy(() -> AdminServer.start(settings, view()))
                    .isInstanceOfSatisfying(
                            AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-PORT-IN-USE"))
                    .hasMessageContaining("port " + other.getLocalPort())
                    .hasMessageContaining("admin.listen");
        }
    }

    @Test
    void anAddressOfAnotherHostCannotBeBound() {
        assertThatThrownBy(() -> AdminServer.start(new AdminSettings("192.0.2.1", 0, Optional.empty()), view()))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.code()).isEqualTo("ADMIN-BIND"));
    }

    private int start(Optional<Secret> token) throws AdminException {
        AdminServer server = AdminServer.start(new AdminSettings("127.0.0.1", 0, token), view());
        servers.add(server);
        return server.port();
    }

    private AdminView view() {
        return new AdminView() {
            @Override
            public boolean alive() {
                return alive.get();
            }

            @Override
            public StatusReport status() {
                return status.get();
            }

            @Override
            public String metrics() {
                return metrics.scrape();
            }

            @Override
            public Approval approve(String sink, String table, String operator) {
                if (sink.equals("unreached")) {
                    return Approval.UNKNOWN;
                }
                return sink.equals("warehouse") && table.equals("public.orders") ? Approval.GIVEN : Approval.NOT_HELD;
            }

            @Override
            public boolean order(SinkOrder order, String sink, String operator, String reason) throws IOException {
                if (sink.equals("full")) {
                    throw new IOException("No space left on device");
                }
                orders.add(order + " " + sink + " " + operator + " " + reason);
                return sink.equals("warehouse");
            }
        };
    }

    private static StatusReport report(String source, String sink, Problem sourceError) {
        return new StatusReport(
                new AgentPart("shop", AgentState.RUNNING, 3, 12, "1.0"),
                new SourcePart(
                        "postgres",
                        source,
                        "0/16B3748",
                        40L,
                        null,
                        sourceError,
                        new SourceLogPart("extended", 700, 1000L, 300L, 5, 0.1)),
                new JournalPart(1, 77, 4096, null, 1_000_000, 2_000_000, 4000, 1024, 9, "low"),
                List.of(new SinkPart("warehouse", "jdbc", sink, 70, 7, 100L, 0, 0, List.of(), null)),
                List.of(new Problem("JOURNAL-BUDGET-LOW", "m", "r")));
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(request(port, path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(int port, String path, String authorization)
            throws IOException, InterruptedException {
        return client.send(
                request(port, path).header("Authorization", authorization).build(), BodyHandlers.ofString());
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
