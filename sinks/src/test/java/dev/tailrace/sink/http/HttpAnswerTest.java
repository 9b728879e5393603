package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.sink.Batch;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer, and each way of not answering, means for the batch. */
class HttpAnswerTest {
    @AutoClose
    private final HttpRig http = new HttpRig();

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
        http.receiver.script(Receiver.status(status));
        Batch batch = HttpRig.oneChange();
        SinkException failure = http.failing(Map.of(), batch);
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
        http.receiver.script(Receiver.status(status));
        assertThat(http.write(Map.of(), HttpRig.oneChange())).isEqualTo(WriteResult.DURABLE);
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
        Failures failures = new Failures(
                ((HttpDefinition) http.definition(Map.of())).settings(), Clock.fixed(HttpRig.NOW, ZoneOffset.UTC));
        Batch one = HttpRig.oneChange();
        Plan.Change change =
                new Plan.Change(one.events().get(0), one.transactions().get(0));
        Request request = new Request(0, List.of(new Request.Part(change, new byte[0])));
        SinkException failure =
                failures.ofAnswer(new Exchange.Answer(429, Optional.of(value), Optional.ofNullable(date)), request);
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(failure.retryAfter()).isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void readsRetryAfterFromTheAnswer() {
        http.receiver.script((r, exchange, request) -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            exchange.sendResponseHeaders(503, -1);
        });
        assertThat(http.failing(Map.of(), HttpRig.oneChange()).retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void halvesWhatIsTooLarge() throws Exception {
        http.receiver.script((r, exchange, request) -> {
            if (request.changes().size() > 3) {
                exchange.sendResponseHeaders(413, -1);
            } else {
                Receiver.accept(r, exchange, request);
            }
        });
        ChangeStream stream = HttpRig.inserts(40);
        assertThat(http.write(Map.of("connections", 2), stream.frames().get(0).batch()))
                .isEqualTo(WriteResult.DURABLE);
        assertThat(http.receiver.changes())
                .extracting(c -> c.get("id").textValue())
                .containsExactlyInAnyOrderElementsOf(
                        stream.events().stream().map(e -> e.id().text()).toList());
    }

    @ParameterizedTest
    @CsvSource({"422,HTTP-REJECTED", "500,HTTP-ERROR"})
    void findsTheOneThatIsRefusedAndDeliversTheOthers(int status, String code) {
        ChangeStream stream = HttpRig.inserts(40);
        String poison = stream.events().get(17).id().text();
        refuse(poison, status);
        SinkException failure =
                http.failing(Map.of("connections", 2), stream.frames().get(0).batch());
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.rejected()).extracting(id -> id.text()).containsExactly(poison);
        assertThat(http.receiver.changes())
                .extracting(c -> c.get("id").textValue())
                .hasSize(39)
                .doesNotContain(poison);
    }

    /** What became of the first answer is not known here: perhaps the change could not be set aside. */
    @Test
    void whatIsLeftOfABatchMayBeToBlame() {
        ChangeStream stream = HttpRig.inserts(40);
        String poison = stream.events().get(17).id().text();
        refuse(poison, 500);
        SinkFactory.Definition definition = http.definition(Map.of());
        Batch batch = stream.frames().get(0).batch();
        assertThat(http.failing(definition, batch).disposition()).isEqualTo(Disposition.REJECT);
        SinkException again = http.failing(definition, batch);
        assertThat(again.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(again.rejected()).extracting(id -> id.text()).containsExactly(poison);
    }

    /** A change of a key takes the row along, a truncation the table, however many rows share a connection. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void whatFollowsARefusedChangeOfItsRowDoesNotOvertakeIt(int connections) {
        ChangeStream stream = new ChangeStream();
        for (long row = 1; row < 20; row++) {
            stream.insert(TestSchemas.ORDERS, row, 1, "first", "d", null)
                    .update(TestSchemas.ORDERS, row, 1, "second", "d", null)
                    .rekey(TestSchemas.ORDERS, List.of(row), row + 100, 1, "moved", "d", null)
                    .update(TestSchemas.ORDERS, row + 100, 1, "third", "d", null)
                    .insert(TestSchemas.ORDERS, row, 1, "another", "d", null);
        }
        stream.truncate(TestSchemas.ORDERS)
                .insert(TestSchemas.ORDERS, 300L, 1, "behind all", "d", null)
                .commit();
        List<String> ids = stream.events().stream().map(e -> e.id().text()).toList();
        int poisoned = 7;
        refuse(ids.get(5 * poisoned), 422);
        SinkException failure = http.failing(
                Map.of("connections", connections), stream.frames().get(0).batch());
        assertThat(failure.rejected()).extracting(id -> id.text()).containsExactly(ids.get(5 * poisoned));
        assertThat(http.receiver.changes())
                .extracting(c -> c.get("id").textValue())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(ids.subList(5 * poisoned, 5 * poisoned + 5))
                .doesNotContainAnyElementsOf(ids.subList(ids.size() - 2, ids.size()));
    }

    private void refuse(String poison, int status) {
        http.receiver.script((r, exchange, request) -> {
            if (request.changes().stream().anyMatch(c -> c.get("id").textValue().equals(poison))) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                Receiver.accept(r, exchange, request);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 40})
    void aReceiverThatFailsAtEverythingIsOutOfOrder(int changes) {
        http.receiver.script(Receiver.status(500));
        SinkException failure =
                http.failing(Map.of(), HttpRig.inserts(changes).frames().get(0).batch());
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
        assertThat(failure.rejected()).as("nothing is accused").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "422,422,retry,RETRY,HTTP-UNAVAILABLE",
        "422,4xx,halt,HALT,HTTP-REJECTED",
        "503,503,reject,REJECT,HTTP-REJECTED",
        "403,403,retry,RETRY,HTTP-UNAVAILABLE",
        "404,422,halt,REJECT,HTTP-REJECTED"
    })
    void whatTheOperatorSaysOfAStatusComesFirst(
            int status, String key, String word, Disposition disposition, String code) {
        http.receiver.script(Receiver.status(status));
        SinkException failure = http.failing(Map.of("errors", Map.of(key, word)), HttpRig.oneChange());
        assertThat(failure.disposition()).isEqualTo(disposition);
        assertThat(failure.code()).isEqualTo(code);
    }

    @Test
    void isNotHeldUpByAnAnswerThatNeverEnds() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (int status : new int[] {200, 503}) {
            http.receiver.script((r, exchange, request) -> {
                exchange.sendResponseHeaders(status, 0);
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                end.await();
            });
            if (status == 200) {
                assertThat(http.write(Map.of("timeout", "500ms"), HttpRig.oneChange()))
                        .isEqualTo(WriteResult.DURABLE);
            } else {
                assertThat(http.failing(Map.of("timeout", "500ms"), HttpRig.oneChange())
                                .code())
                        .isEqualTo("HTTP-UNAVAILABLE");
            }
        }
        end.countDown();
    }

    @Test
    void readsOnlyALittleOfAnEndlessAnswer() throws Exception {
        http.receiver.script((r, exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            while (true) {
                exchange.getResponseBody().write(block);
            }
        });
        assertThat(http.write(Map.of("timeout", "60s"), HttpRig.oneChange())).isEqualTo(WriteResult.DURABLE);
    }

    @Test
    void givesUpOnATargetThatAcceptsAndStaysSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            SinkException failure = http.failing(
                    Map.of("url", "http://127.0.0.1:" + silent.getLocalPort() + "/", "timeout", "300ms"),
                    HttpRig.oneChange());
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
                    http.failing(Map.of("url", "http://127.0.0.1:" + server.getLocalPort() + "/"), HttpRig.oneChange());
            assertThat(failure.code()).isEqualTo("HTTP-BROKEN");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            resetter.join();
        }
    }

    @Test
    void asksForARetryWhenTheHostIsUnknown() {
        SinkException failure = http.failing(Map.of("url", "http://no-such-host.invalid/"), HttpRig.oneChange());
        assertThat(failure.code()).isEqualTo("HTTP-CONNECT");
        assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
    }
}
