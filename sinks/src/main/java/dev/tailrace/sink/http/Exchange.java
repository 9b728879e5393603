package dev.tailrace.sink.http;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way, from its start until it was answered, failed or took too long. The client's threads end it by
 * putting it into the queue of its sink, once; from then on the writing thread alone reads it.
 */
final class Exchange {
    /** An answer's body is read up to here, so that the connection can be used again, and then dropped. */
    private static final long BODY_LIMIT = 64 * 1024;

    private final Request request;
    private volatile @Nullable Answer answer;
    private @Nullable Throwable failure;
    private @Nullable CompletableFuture<HttpResponse<Void>> sent;

    /** The head of an answer. */
    record Answer(int status, Optional<String> retryAfter, Optional<String> date) {
        static Answer of(int status, HttpHeaders headers) {
            return new Answer(status, headers.firstValue("retry-after"), headers.firstValue("date"));
        }
    }

    Exchange(Request request) {
        this.request = request;
    }

    Request request() {
        return request;
    }

    void start(HttpClient client, HttpRequest prepared, Duration timeout, BlockingQueue<Exchange> ended) {
        CompletableFuture<HttpResponse<Void>> future = client.sendAsync(prepared, this::receive);
        sent = future;
        // The client's own time-out ends with the answer's head; this one bounds a body that never ends as well.
        future.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((response, thrown) -> {
            failure = thrown instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : thrown;
            ended.add(this);
        });
    }

    /** Gives the request up and closes its connection. What the target makes of it stays unknown. */
    void cancel() {
        CompletableFuture<HttpResponse<Void>> future = sent;
        if (future != null) {
            future.cancel(true);
        }
    }

    /** The answer's head if it came, even when its body did not. */
    @Nullable
    Answer answer() {
        return answer;
    }

    /** Why there is no complete answer; null when there is one. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    private HttpResponse.BodySubscriber<Void> receive(HttpResponse.ResponseInfo head) {
        answer = Answer.of(head.statusCode(), head.headers());
        return new Drop();
    }

    /** Reads a little of a body and forgets it. */
    private static final class Drop implements HttpResponse.BodySubscriber<Void> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        private long read;

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                read += buffer.remaining();
            }
            Flow.Subscription current = subscription;
            if (read > BODY_LIMIT && current != null) {
                current.cancel();
                done.complete(null);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            done.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }
    }
}
