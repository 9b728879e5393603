package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.lifecycle.WorkerPool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiverTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private WorkerPool workers;
    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        workers = Receiver.workers("receiver", 2);
        receiver = Receiver.start(workers);
    }

    @AfterEach
    void stop() {
        receiver.close();
        workers.close();
    }

    @Test
    void repetitionsAreAllowedGoingBackIsNot() throws Exception {
        send(event(1, "a"), event(2, "b"));
        send(event(3, "a"));
        send(event(1, "a"), event(3, "a"));
        assertThat(receiver.violations(Long::parseLong)).isEmpty();
        assertThat(receiver.ids()).containsExactly("1", "2", "3");
        assertThat(receiver.deliveries()).isEqualTo(5);

        send(event(5, "a"), event(6, "b"), event(4, "c"), event(4, "c"));
        assertThat(receiver.violations(Long::parseLong)).isEmpty();
        send(event(0, "d"), event(-7, "b"));
        assertThat(receiver.violations(Long::parseLong))
                .containsExactly("out of order: -7 came after a later change of the same key");
    }

    @Test
    void aRepetitionThatSaysSomethingElseIsNoticed() throws Exception {
        send(event(1, "a"), event(2, "a"));
        send("{'id':'1','data':{'schema':'s','table':'t','key':{'k':'a'},'after':{'v':1}}}");
        assertThat(receiver.violations(Long::parseLong)).containsExactly("said something else when it was repeated: 1");
    }

    @Test
    void aChangedKeyIsInTheOrderOfBoth() throws Exception {
        send(event(1, "old"));
        send("{'id':'4','data':{'schema':'s','table':'t','key':{'k':'new'},'before':{'k':'old'}}}");
        send(event(3, "new"));
        send(event(2, "old"));
        assertThat(receiver.violations(Long::parseLong)).hasSize(2);
    }

    @Test
    void aRefusalTakesNothing() throws Exception {
        receiver.fail(503);
        assertThat(send(event(1, "a"))).isEqualTo(503);
        assertThat(receiver.ids()).isEmpty();
        receiver.recover();
        assertThat(send(event(1, "a"))).isEqualTo(200);
        assertThat(receiver.ids()).containsExactly("1");
    }

    @Test
    void aRowThatIsRefusedTakesNoOtherAlong() throws Exception {
        receiver.refuse("a", 422);
        assertThat(send(event(1, "b"), event(2, "a"))).isEqualTo(422);
        assertThat(send(event(1, "b"))).isEqualTo(200);
        receiver.fail(503);
        assertThat(send(event(2, "a"))).isEqualTo(503);
        receiver.recover();
        assertThat(send(event(2, "a"))).isEqualTo(422);
        receiver.refuseNothing();
        assertThat(send(event(2, "a"))).isEqualTo(200);
        assertThat(receiver.ids()).containsExactly("1", "2");
    }

    @Test
    void aLostAnswerMeansTaken() {
        receiver.breakOff();
        assertThatThrownBy(() -> send(event(1, "a"))).isInstanceOf(IOException.class);
        assertThat(receiver.ids()).containsExactly("1");
    }

    @Test
    void heldIsNeitherTakenNorAnswered() throws Exception {
        receiver.hold();
        var answer = client.sendAsync(request(event(1, "a")), HttpResponse.BodyHandlers.discarding());
        assertThat(receiver.ids()).isEmpty();
        receiver.recover();
        assertThat(answer.get().statusCode()).isEqualTo(200);
        receiver.slow(Duration.ofMillis(50));
        assertThat(send(event(2, "a"))).isEqualTo(200);
        assertThat(receiver.ids()).containsExactly("1", "2");
    }

    private static String event(int id, String key) {
        return "{'id':'" + id + "','data':{'schema':'s','table':'t','key':{'k':'" + key + "'}}}";
    }

    private int send(String... events) throws IOException, InterruptedException {
        return client.send(request(String.join(",", events)), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest request(String events) {
        return HttpRequest.newBuilder(URI.create(receiver.url()))
                .POST(HttpRequest.BodyPublishers.ofString(("[" + events + "]").replace('\'', '"')))
                .build();
    }
}
