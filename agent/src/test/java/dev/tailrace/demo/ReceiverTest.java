package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    private RequestWorkers workers;
    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        workers = RequestWorkers.start("receiver", 2);
        receiver = Receiver.start(workers);
    }

    @AfterEach
    void stop() {
        receiver.close();
        workers.close();
    }

    @Test
    void repetitionsAreAllowedGoingBackIsNot() throws Exception {
        send("[{'id':'1','partitionkey':'a'},{'id':'2','partitionkey':'b'}]");
        send("[{'id':'3','partitionkey':'a'}]");
        send("[{'id':'1','partitionkey':'a'},{'id':'3','partitionkey':'a'}]");
        assertThat(receiver.violations(Long::parseLong)).isEmpty();
        assertThat(receiver.ids()).containsExactly("1", "2", "3");
        assertThat(receiver.deliveries()).isEqualTo(5);

        send("[{'id':'4','partitionkey':'b'},{'id':'0','partitionkey':'c'},{'id':'2.5','partitionkey':'a'}]");
        assertThat(receiver.violations(id -> (long) (Double.parseDouble(id) * 10)))
                .containsExactly("out of order: 2.5 came after a later change of the same key");
    }

    @Test
    void aRefusalTakesNothing() throws Exception {
        receiver.fail(503);
        assertThat(send("[{'id':'1','partitionkey':'a'}]")).isEqualTo(503);
        assertThat(receiver.ids()).isEmpty();
        receiver.recover();
        assertThat(send("[{'id':'1','partitionkey':'a'}]")).isEqualTo(200);
        assertThat(receiver.ids()).containsExactly("1");
    }

    @Test
    void aLostAnswerMeansTaken() {
        receiver.breakOff();
        assertThatThrownBy(() -> send("[{'id':'1','partitionkey':'a'}]")).isInstanceOf(IOException.class);
        assertThat(receiver.ids()).containsExactly("1");
    }

    @Test
    void heldIsNeitherTakenNorAnswered() throws Exception {
        receiver.hold();
        var answer =
                client.sendAsync(request("[{'id':'1','partitionkey':'a'}]"), HttpResponse.BodyHandlers.discarding());
        assertThat(receiver.ids()).isEmpty();
        receiver.recover();
        assertThat(answer.get().statusCode()).isEqualTo(200);
        receiver.slow(Duration.ofMillis(50));
        assertThat(send("[{'id':'2','partitionkey':'a'}]")).isEqualTo(200);
        assertThat(receiver.ids()).containsExactly("1", "2");
    }

    private int send(String body) throws IOException, InterruptedException {
        return client.send(request(body), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(URI.create(receiver.url()))
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
    }
}
