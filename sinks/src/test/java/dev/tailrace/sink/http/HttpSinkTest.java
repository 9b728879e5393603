package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.RandomHistory;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, and what each answer means. */
class HttpSinkTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private Receiver receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private SinkFactory.Definition definition(Map<String, Object> more) {
        Map<String, Object> keys = new HashMap<>(Map.of("url", receiver.url()));
        keys.putAll(more);
        MapSettings settings = new MapSettings(keys);
        SinkFactory.Definition definition = new HttpSinkFactory(Clock.fixed(NOW, ZoneOffset.UTC)).configure(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unknown()).isEmpty();
        return definition;
    }

    private static SinkContext context() {
        return new SinkContext(
                "shop", "events", ChangeStream.JOURNAL, 1, Path.of("/nowhere"), List.of(), FaultPoint.NONE);
    }

    private WriteResult write(Map<String, Object> keys, Batch batch) throws SinkException {
        try (Sink sink = definition(keys).create()) {
            sink.open(context());
            return sink.write(batch);
        }
    }

    private SinkException failing(Map<String, Object> keys, Batch batch) {
        SinkException failure = catchThrowableOfType(SinkException.class, () -> write(keys, batch));
        assertThat(failure).as("the write succeeded").isNotNull();
        return failure;
    }

    private static Batch oneChange() {
        return new ChangeStream()
                .insert(TestSchemas.ORDERS, 1L, 5, "a", "d", new BigDecimal("1.50"))
                .commit()
                .batch();
    }

    private static ChangeStream inserts(int count) {
        ChangeStream stream = new ChangeStream();
        for (long i = 0; i < count; i++) {
            stream.insert(TestSchemas.ORDERS, i, 1, "note", "document", null);
        }
        stream.commit();
        return stream;
    }

    @Test
    void writesCloudEvents() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.update(TestSchemas.ODD, "x", "k/é", 1L, null, "y")
                .truncate(TestSchemas.ODD)
                .commit();
        write(Map.of("connections", 1), stream.frames().get(0).batch());
        Receiver.Received request = receiver.taken().get(0);
        assertThat(request.header("Content-Type")).isEqualTo("application/cloudevents-batch+json");
        JsonNode event = request.changes().get(0);
        String id = stream.events().get(0).id().text();
        String subject = "Odd%20Sch%C3%A9ma.we%22ird%2F..%2Fn%C3%A4me.of%20a%20%27table%27%20%7Bx%7D%20%25";
        assertThat(event.get("specversion").textValue()).isEqualTo("1.0");
        assertThat(event.get("id").textValue()).isEqualTo(id);
        assertThat(event.get("source").textValue()).isEqualTo("/tailrace/shop/pg-7461352123456789012-1");
        assertThat(event.get("type").textValue()).isEqualTo("dev.tailrace.row.updated");
        assertThat(event.get("subject").textValue()).isEqualTo(subject + "/1,k%2F%C3%A9");
        assertThat(event.get("partitionkey")).isEqualTo(event.get("subject"));
        assertThat(event.get("time").textValue()).isEqualTo("2025-11-24T16:00:00.123456Z");
        assertThat(event.get("data").get("after").get("ID").longValue()).isEqualTo(1);
        JsonNode truncation = request.changes().get(1);
        assertThat(truncation.get("type").textValue()).isEqualTo("dev.tailrace.row.truncated");
        assertThat(truncation.get("subject").textValue()).isEqualTo(subject);
        assertThat(truncation.get("sequence").textValue())
                .isGreaterThan(event.get("sequence").textValue());
    }

    @Test
    void writesDebeziumEnvelopes() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.update(TestSchemas.ORDERS, 1L, 5, "a", Row.absent(), null).commit();
        write(
                Map.of("format", "debezium", "batch-events", 1),
                stream.frames().get(0).batch());
        Receiver.Received request = receiver.taken().get(0);
        String id = stream.events().get(0).id().text();
        assertThat(new String(request.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"before\":null,\"after\":{\"id\":1,\"customer\":5,\"note\":\"a\",\"amount\":null},"
                        + "\"absent\":[\"document\"],\"source\":{\"connector\":\"postgresql\",\"name\":\"shop\","
                        + "\"ts_ms\":1764000000123,\"ts_us\":1764000000123456,\"snapshot\":\"false\","
                        + "\"schema\":\"public\",\"table\":\"orders\",\"txId\":\"700\",\"lsn\":23803776,\"id\":\"" + id
                        + "\"},\"op\":\"u\",\"ts_ms\":1764000000123,\"transaction\":{\"id\":\"700\"}}");
        assertThat(request.header("webhook-id")).isEqualTo(id);
        assertThat(request.header("Idempotency-Key")).isEqualTo("\"" + id + "\"");
    }

    @Test
    void writesRows() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.rekey(TestSchemas.ORDERS_UPPER, List.of(1L), 2L, "b")
                .delete(TestSchemas.ORDERS_UPPER, 2L)
                .commit();
        write(Map.of("format", "row", "connections", 1), stream.frames().get(0).batch());
        String first = stream.events().get(0).id().text();
        String second = stream.events().get(1).id().text();
        assertThat(new String(receiver.taken().get(0).body(), StandardCharsets.UTF_8))
                .isEqualTo("[{\"table\":\"public.ORDERS\",\"op\":\"u\",\"key\":{\"id\":2},\"oldKey\":{\"id\":1},"
                        + "\"row\":{\"id\":2,\"note\":\"b\"},\"id\":\"" + first + "\"},"
                        + "{\"table\":\"public.ORDERS\",\"op\":\"d\",\"key\":{\"id\":2},\"row\":{\"id\":2},\"id\":\""
                        + second + "\"}]");
    }

    @Test
    void signsTheBytesItSendsWithEverySecret() throws Exception {
        byte[] newKey = new byte[32];
        byte[] oldKey = "0123456789abcdef01234567".getBytes(StandardCharsets.UTF_8);
        String secrets = "whsec_" + Base64.getEncoder().encodeToString(newKey) + " whsec_"
                + Base64.getEncoder().encodeToString(oldKey);
        write(
                Map.of(
                        "signing-secret",
                        secrets,
                        "compression",
                        "gzip",
                        "connections",
                        1,
                        "headers",
                        Map.of("X-Tenant", "t1"),
                        "bearer-token",
                        "secret"),
                inserts(50).frames().get(0).batch());
        Receiver.Received request = receiver.taken().get(0);
        assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.changes()).hasSize(50);
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
        assertThat(request.header("X-Tenant")).isEqualTo("t1");
        assertThat(request.header("webhook-timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
        assertThat(request.header("webhook-id")).matches("batch-[0-9a-f]{32}");
        assertThat(request.header("webhook-signature"))
                .isEqualTo("v1," + signature(newKey, request) + " v1," + signature(oldKey, request));
    }

    private static String signature(byte[] key, Receiver.Received request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((request.header("webhook-id") + "." + request.header("webhook-timestamp") + ".")
                .getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(mac.doFinal(request.body()));
    }

    @ParameterizedTest
    @CsvSource({
        "301,HALT,HTTP-REDIRECT", "304,HALT,HTTP-REDIRECT", "307,HALT,HTTP-REDIRECT",
        "400,REJECT,HTTP-REJECTED", "401,HALT,HTTP-PERMISSION", "403,HALT,HTTP-PERMISSION",
        "404,REJECT,HTTP-REJECTED", "407,REJECT,HTTP-REJECTED", "408,RETRY,HTTP-UNAVAILABLE",
        "409,REJECT,HTTP-REJECTED", "410,HALT,HTTP-GONE", "413,REJECT,HTTP-TOO-LARGE",
        "415,REJECT,HTTP-REJECTED", "422,REJECT,HTTP-REJECTED", "425,RETRY,HTTP-UNAVAILABLE",
        "429,RETRY,HTTP-THROTTLED", "500,RETRY,HTTP-UNAVAILABLE", "502,RETRY,HTTP-UNAVAILABLE",
        "503,RETRY,HTTP-UNAVAILABLE", "504,RETRY,HTTP-UNAVAILABLE", "599,RETRY,HTTP-UNAVAILABLE"
    })
    void knowsWhatEachStatusMeans(int status, Disposition disposition, String code) {
        receiver.script(Receiver.status(status));
        Batch batch = oneChange();
        SinkException failure = failing(Map.of(), batch);
        assertThat(failure.disposition()).isEqualTo(disposition);
        assertThat(failure.code()).isEqualTo(code);
        if (disposition == Disposition.REJECT) {
            assertThat(failure.rejected()).containsExactly(batch.events().get(0).id());
        }
        if (disposition != Disposition.RETRY) {
            assertThat(failure.remedy()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void takesEverySuccess(int status) throws Exception {
        receiver.script(Receiver.status(status));
        assertThat(write(Map.of(), oneChange())).isEqualTo(WriteResult.DURABLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|Fri, 02 Jan 2026 03:04:05 GMT|7",
                "Fri, 02 Jan 2026 04:04:05 GMT|Fri, 02 Jan 2026 04:03:05 GMT|60",
                "Thu, 01 Jan 2026 00:00:00 GMT|Fri, 02 Jan 2026 03:04:05 GMT|0",
                "Fri, 02 Jan 2026 03:04:35 GMT||30",
                "soon|Fri, 02 Jan 2026 03:04:05 GMT|"
            })
    void carriesRetryAfter(String value, String date, Integer seconds) {
        Failures failures =
                new Failures(((HttpDefinition) definition(Map.of())).settings(), Clock.fixed(NOW, ZoneOffset.UTC));
        Request request = new Request(
                0, List.of(new Request.Part(oneChange().events().get(0).id(), new byte[0])));
        SinkException failure =
                failures.ofAnswer(new Exchange.Answer(429, Optional.of(value), Optional.ofNullable(date)), request);
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(failure.retryAfter()).isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void readsRetryAfterFromTheAnswer() {
        receiver.script((r, exchange, request) -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            exchange.sendResponseHeaders(503, -1);
        });
        assertThat(failing(Map.of(), oneChange()).retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void halvesWhatIsTooLarge() throws Exception {
        receiver.script((r, exchange, request) -> {
            if (request.changes().size() > 3) {
                exchange.sendResponseHeaders(413, -1);
            } else {
                Receiver.accept(r, exchange, request);
            }
        });
        ChangeStream stream = inserts(40);
        assertThat(write(Map.of("connections", 2), stream.frames().get(0).batch()))
                .isEqualTo(WriteResult.DURABLE);
        assertThat(receiver.changes())
                .extracting(c -> c.get("id").textValue())
                .containsExactlyInAnyOrderElementsOf(
                        stream.events().stream().map(e -> e.id().text()).toList());
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void sendsTheSameBytesAgain(Format format) throws Exception {
        Batch batch = ChangeStream.batch(RandomHistory.of(9, 30, true, true).frames().stream()
                .filter(f -> f.transaction().isWhole())
                .toList());
        Map<String, Object> keys = Map.of("format", format.word(), "connections", 3, "batch-events", 5);
        write(keys, batch);
        Map<String, String> first = bodies();
        write(keys, batch);
        assertThat(bodies()).isEqualTo(first);
        assertThat(receiver.taken()).hasSize(2 * first.size());
        for (ChangeEvent event : batch.events()) {
            assertThat(first.values().stream()
                            .filter(b -> b.contains(event.id().text()))
                            .count())
                    .isEqualTo(1);
        }
    }

    private Map<String, String> bodies() {
        Map<String, String> bodies = new HashMap<>();
        for (Receiver.Received request : receiver.taken()) {
            String body = new String(request.body(), StandardCharsets.UTF_8);
            String before = bodies.put(request.header("webhook-id"), body);
            assertThat(before == null ? body : before).isEqualTo(body);
        }
        return bodies;
    }

    @Test
    void cutsRequestsByBytes() throws Exception {
        write(
                Map.of("connections", 1, "batch-bytes", "4KiB"),
                inserts(100).frames().get(0).batch());
        assertThat(receiver.taken())
                .hasSizeGreaterThan(5)
                .allSatisfy(r -> assertThat(r.body().length).isLessThan(4096 + 1024));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsTheOrderOfAKeyOverLanesThatOvertakeEachOther(long seed) throws Exception {
        Random random = new Random(seed);
        Set<Integer> seen = new HashSet<>();
        receiver.script((r, exchange, request) -> {
            long delay;
            synchronized (random) {
                delay = random.nextInt(4) == 0 ? random.nextInt(8_000_000) : 0;
                seen.add(exchange.getRemoteAddress().getPort());
            }
            // Before it is taken, so that other lanes overtake.
            LockSupport.parkNanos(delay);
            Receiver.accept(r, exchange, request);
        });
        ChangeStream stream = RandomHistory.of(seed, 150, true, true);
        Batch batch = ChangeStream.batch(
                stream.frames().stream().filter(f -> f.transaction().isWhole()).toList());
        write(Map.of("connections", 4, "batch-events", 3), batch);
        Contents contents = new Contents();
        for (JsonNode event : receiver.changes()) {
            dev.tailrace.sink.JsonChanges.fold(contents, event.get("data"));
        }
        assertThat(contents.rows())
                .as("seed %s", seed)
                .isEqualTo(Contents.of(batch.events()).rows());
        assertThat(seen).as("connections used").hasSizeGreaterThan(1);
    }

    @Test
    void isNotHeldUpByAnAnswerThatNeverEnds() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (int status : new int[] {200, 503}) {
            receiver.script((r, exchange, request) -> {
                exchange.sendResponseHeaders(status, 0);
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                end.await();
            });
            if (status == 200) {
                assertThat(write(Map.of("timeout", "500ms"), oneChange())).isEqualTo(WriteResult.DURABLE);
            } else {
                assertThat(failing(Map.of("timeout", "500ms"), oneChange()).code())
                        .isEqualTo("HTTP-UNAVAILABLE");
            }
        }
        end.countDown();
    }

    @Test
    void readsOnlyALittleOfAnEndlessAnswer() throws Exception {
        receiver.script((r, exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            while (true) {
                exchange.getResponseBody().write(block);
            }
        });
        assertThat(write(Map.of("timeout", "60s"), oneChange())).isEqualTo(WriteResult.DURABLE);
    }

    @Test
    void givesUpOnATargetThatAcceptsAndStaysSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            SinkException failure = failing(
                    Map.of("url", "http://127.0.0.1:" + silent.getLocalPort() + "/", "timeout", "300ms"), oneChange());
            assertThat(failure.code()).isEqualTo("HTTP-TIMEOUT");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        }
    }

    @Test
    void asksForARetryAfterAReset() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread resetter = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                    socket.setSoLinger(true, 0);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            resetter.start();
            SinkException failure =
                    failing(Map.of("url", "http://127.0.0.1:" + server.getLocalPort() + "/"), oneChange());
            assertThat(failure.code()).isEqualTo("HTTP-BROKEN");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            resetter.join();
        }
    }

    @Test
    void asksForARetryWhenTheHostIsUnknown() {
        SinkException failure = failing(Map.of("url", "http://no-such-host.invalid/"), oneChange());
        assertThat(failure.code()).isEqualTo("HTTP-CONNECT");
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
    }
}
