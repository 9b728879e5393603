package dev.tailrace.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.util.LoggingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineQueueTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void handsOverAsSoonAsSomethingIsComplete() throws Exception {
        EngineQueue queue = queue(100, 10, 0);
        CompletableFuture<List<SourceRecord>> taken = async(() -> take(queue, LONG));
        queue.put(record(1), false, 1);
        queue.put(record(2), true, 1);
        assertThat(numbers(taken.get(30, TimeUnit.SECONDS))).startsWith(1L).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void handsOverMuchThatIsNotComplete() throws Exception {
        EngineQueue queue = queue(10_000, 10_000, 0);
        CompletableFuture<List<SourceRecord>> taken = async(() -> take(queue, LONG));
        for (int i = 0; i < 512; i++) {
            queue.put(record(i), false, 1);
        }
        assertThat(taken.get(30, TimeUnit.SECONDS)).isNotEmpty();
        CompletableFuture<List<SourceRecord>> large = async(() -> take(queue, LONG));
        queue.put(record(600), false, 2 << 20);
        assertThat(large.get(30, TimeUnit.SECONDS)).isNotEmpty();
    }

    @Test
    void handsOverWhatIsThereWhenNothingBecomesComplete() throws Exception {
        EngineQueue queue = queue(100, 10, 0);
        queue.put(record(1), false, 1);
        assertThat(numbers(queue.take(Duration.ofMillis(1)))).containsExactly(1L);
        assertThat(queue.take(AT_ONCE)).isEmpty();
    }

    @Test
    void keepsTheOrderAndHandsOverAtMostABatch() throws Exception {
        EngineQueue queue = queue(7, 3, 0);
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 100; i += 5) {
            for (int j = i; j < i + 5; j++) {
                queue.put(record(j), j == i + 4, 1);
            }
            for (int got = 0; got < 5; ) {
                // what is left of a batch is worth a hand-over, too: nobody says so again
                List<SourceRecord> batch = queue.take(LONG);
                assertThat(batch).hasSizeBetween(1, 3);
                seen.addAll(numbers(batch));
                got += batch.size();
            }
        }
        assertThat(seen).hasSize(100).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void waitsForRoomByRecords() throws Exception {
        EngineQueue queue = queue(2, 2, 0);
        queue.put(record(1), false, 1);
        queue.put(record(2), false, 1);
        CompletableFuture<Void> third = async(() -> put(queue, 3, 1));
        assertThat(numbers(queue.take(LONG))).containsExactly(1L, 2L);
        third.get(30, TimeUnit.SECONDS);
        assertThat(numbers(queue.take(AT_ONCE))).containsExactly(3L);
    }

    @Test
    void waitsForRoomByBytesAndLetsALargeRecordPassAlone() throws Exception {
        EngineQueue queue = queue(100, 100, 1_000);
        queue.put(record(1), false, 5_000);
        CompletableFuture<Void> second = async(() -> put(queue, 2, 5_000));
        assertThat(numbers(queue.take(LONG))).containsExactly(1L);
        second.get(30, TimeUnit.SECONDS);
        assertThat(numbers(queue.take(AT_ONCE))).containsExactly(2L);
        queue.put(record(3), false, 500);
        queue.put(record(4), false, 499);
        queue.put(record(5), false, 1); // 999 were there
        assertThat(numbers(queue.take(AT_ONCE))).containsExactly(3L, 4L, 5L);
    }

    @Test
    void tellsWhoWaitsForRoomThatTheEngineEnds() throws Exception {
        EngineQueue queue = queue(1, 1, 0);
        queue.put(record(1), false, 1);
        CompletableFuture<Void> waiting = async(() -> put(queue, 2, 1));
        queue.close();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> queue.put(record(3), true, 1)).isInstanceOf(InterruptedException.class);
        assertThat(numbers(queue.take(LONG))).containsExactly(1L);
        assertThat(queue.take(AT_ONCE)).isEmpty();
    }

    /** It would have to wait for a lock that a thread holds which waits here for room. */
    @Test
    void doesNotAskTheEngineWhereNothingHasFailed() throws Exception {
        EngineQueue queue = queue(10, 10, 0);
        EngineQueue.EnginePoll own = () -> {
            throw new AssertionError("asked");
        };
        assertThat(queue.poll(Optional.empty(), own)).isEmpty();
        queue.put(record(1), true, 1);
        assertThat(numbers(queue.poll(Optional.empty(), own))).containsExactly(1L);
    }

    @Test
    void handsOverNothingBehindAFailureOfTheEngine() throws Exception {
        EngineQueue queue = queue(10, 10, 0);
        ChangeEventQueue<DataChangeEvent> own = new ChangeEventQueue.Builder<DataChangeEvent>()
                .pollInterval(Duration.ofMillis(1))
                .maxBatchSize(1)
                .maxQueueSize(2)
                .maxQueueSizeInBytes(0)
                .queueProvider(new EngineQueueProvider())
                .loggingContextSupplier(() -> LoggingContext.forConnector("a", "b", "c"))
                .build();
        ErrorHandler failures = new ErrorHandler(null, null, own, null) {
            @Override
            protected boolean isCustomRetriable(Throwable throwable) {
                return false;
            }

            @Override
            protected boolean hasMoreRetries() {
                return false;
            }
        };
        queue.put(record(1), true, 1);
        failures.setProducerThrowable(new IllegalStateException("it cannot be read"));
        queue.put(record(2), true, 1);
        CompletableFuture<Void> waiting = async(() -> {
            for (int i = 3; ; i++) {
                put(queue, i, 1);
            }
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> queue.poll(Optional.of(failures), () -> {
                        own.poll();
                        return List.of();
                    }))
                    .hasRootCauseMessage("it cannot be read");
        }
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void countsWhatTheImagesOfARowTake() {
        Schema image = SchemaBuilder.struct()
                .field("t", Schema.OPTIONAL_STRING_SCHEMA)
                .field("b", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("n", Schema.OPTIONAL_INT64_SCHEMA)
                .optional()
                .build();
        Schema envelope = SchemaBuilder.struct()
                .field("before", image)
                .field("after", image)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        Struct small = new Struct(image).put("t", "x").put("n", 1L);
        Struct large = new Struct(image).put("t", "x".repeat(100_000)).put("b", new byte[200_000]);
        long inserted = size(envelope, new Struct(envelope).put("after", small).put("op", "c"));
        long updated = size(
                envelope,
                new Struct(envelope).put("before", large).put("after", large).put("op", "u"));
        assertThat(inserted).isBetween(1L, 5_000L);
        assertThat(updated).isBetween(600_000L, 610_000L);
    }

    private static long size(Schema envelope, Struct value) {
        return EngineQueue.size(new SourceRecord(Map.of(), Map.of(), "t.a.b", envelope, value));
    }

    private static EngineQueue queue(int records, int batch, long bytes) {
        return new EngineQueue(new EngineQueue.Limits(records, batch, bytes));
    }

    private static SourceRecord record(long number) {
        return new SourceRecord(Map.of(), Map.of("number", number), "t.a.b", null, null);
    }

    private static List<Long> numbers(List<SourceRecord> records) {
        return records.stream()
                .map(record -> (Long) record.sourceOffset().get("number"))
                .toList();
    }

    private static List<SourceRecord> take(EngineQueue queue, Duration atMost) {
        try {
            return queue.take(atMost);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Void put(EngineQueue queue, long number, long size) {
        try {
            queue.put(record(number), true, size);
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs beside the test, and is waiting by the time it goes on in most runs; each order of the two is right. */
    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work);
    }
}
