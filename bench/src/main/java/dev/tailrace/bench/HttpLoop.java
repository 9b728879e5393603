package dev.tailrace.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * A bare client: one body, made once, sent again and again, as many requests on their way at once as our sink has. Nothing is
 * read, encoded, retried or remembered. {@code HttpLoop URL ROWS EVENTS BYTES}, the last two of one request.
 */
final class HttpLoop {
    /** Our sink's default of {@code connections}. */
    private static final int CONNECTIONS = 4;

    private HttpLoop() {}

    public static void main(String[] args) throws Exception {
        long rows = Long.parseLong(args[1]);
        int events = Integer.parseInt(args[2]);
        PhasedMeter meter = new PhasedMeter(rows);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0]))
                .header("Content-Type", "application/cloudevents-batch+json")
                .POST(BodyPublishers.ofByteArray(body(events, Integer.parseInt(args[3]))))
                .build();
        Deque<CompletableFuture<HttpResponse<Void>>> sent = new ArrayDeque<>();
        long asked = 0;
        for (long done = 0; done < 2 * rows; done += events) {
            while (sent.size() < CONNECTIONS && asked < 2 * rows) {
                sent.add(client.sendAsync(request, BodyHandlers.discarding()));
                asked += events;
            }
            int status = sent.remove().get().statusCode();
            if (status != 204) {
                throw new IllegalStateException("answered with " + status);
            }
            meter.add(events);
        }
        Child.done(meter.figures());
    }

    private static byte[] body(int events, int bytes) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < events; i++) {
            text.append(i == 0 ? "" : ",").append("{\"specversion\":\"1.0\"}");
        }
        byte[] body = Arrays.copyOf(
                text.append(']').toString().getBytes(StandardCharsets.US_ASCII), Math.max(bytes, text.length()));
        Arrays.fill(body, text.length(), body.length, (byte) ' ');
        return body;
    }
}
