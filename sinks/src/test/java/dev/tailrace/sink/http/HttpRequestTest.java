package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.RandomHistory;
import dev.tailrace.sink.TestSchemas;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire: the formats, the signature, how changes are cut into requests and in which order. */
class HttpRequestTest {
    @AutoClose
    private final HttpRig http = new HttpRig();

    @Test
    void writesCloudEvents() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.update(TestSchemas.ODD, "x", "k/é", 1L, null, "y")
                .truncate(TestSchemas.ODD)
                .commit();
        http.write(Map.of("connections", 1), stream.frames().get(0).batch());
        Receiver.Received request = http.receiver.taken().get(0);
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
        http.write(
                Map.of("format", "debezium", "batch-events", 1),
                stream.frames().get(0).batch());
        Receiver.Received request = http.receiver.taken().get(0);
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
        http.write(
                Map.of("format", "row", "connections", 1),
                stream.frames().get(0).batch());
        String first = stream.events().get(0).id().text();
        String second = stream.events().get(1).id().text();
        assertThat(new String(http.receiver.taken().get(0).body(), StandardCharsets.UTF_8))
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
        http.write(
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
                HttpRig.inserts(50).frames().get(0).batch());
        Receiver.Received request = http.receiver.taken().get(0);
        assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.changes()).hasSize(50);
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
        assertThat(request.header("X-Tenant")).isEqualTo("t1");
        assertThat(request.header("webhook-timestamp")).isEqualTo(Long.toString(HttpRig.NOW.getEpochSecond()));
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
    @EnumSource(Format.class)
    void sendsTheSameBytesAgain(Format format) throws Exception {
        Batch batch = ChangeStream.batch(RandomHistory.of(9, 30, true, true).frames().stream()
                .filter(f -> f.transaction().isWhole())
                .toList());
        Map<String, Object> keys = Map.of("format", format.word(), "connections", 3, "batch-events", 5);
        http.write(keys, batch);
        Map<String, String> first = bodies();
        http.write(keys, batch);
        assertThat(bodies()).isEqualTo(first);
        assertThat(http.receiver.taken()).hasSize(2 * first.size());
        for (ChangeEvent event : batch.events()) {
            assertThat(first.values().stream()
                            .filter(b -> b.contains(event.id().text()))
                            .count())
                    .isEqualTo(1);
        }
    }

    private Map<String, String> bodies() {
        Map<String, String> bodies = new HashMap<>();
        for (Receiver.Received request : http.receiver.taken()) {
            String body = new String(request.body(), StandardCharsets.UTF_8);
            String before = bodies.put(request.header("webhook-id"), body);
            assertThat(before == null ? body : before).isEqualTo(body);
        }
        return bodies;
    }

    @Test
    void cutsRequestsByBytes() throws Exception {
        http.write(
                Map.of("connections", 1, "batch-bytes", "4KiB"),
                HttpRig.inserts(100).frames().get(0).batch());
        assertThat(http.receiver.taken())
                .hasSizeGreaterThan(5)
                .allSatisfy(r -> assertThat(r.body().length).isLessThan(4096 + 1024));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsTheOrderOfAKeyOverLanesThatOvertakeEachOther(long seed) throws Exception {
        Random random = new Random(seed);
        Set<Integer> seen = new HashSet<>();
        http.receiver.script((r, exchange, request) -> {
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
        http.write(Map.of("connections", 4, "batch-events", 3), batch);
        Contents contents = new Contents();
        for (JsonNode event : http.receiver.changes()) {
            dev.tailrace.sink.JsonChanges.fold(contents, event.get("data"));
        }
        assertThat(contents.rows())
                .as("seed %s", seed)
                .isEqualTo(Contents.of(batch.events()).rows());
        assertThat(seen).as("connections used").hasSizeGreaterThan(1);
    }
}
