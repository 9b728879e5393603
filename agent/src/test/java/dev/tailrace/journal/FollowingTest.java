package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Samples.Opened;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside the writer, across many files. */
class FollowingTest {
    private static final long ROWS = 20_000;

    @TempDir
    Path directory;

    @Test
    void twoReadersFollowTheWriterAcrossFiles() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 1))) {
            CompletableFuture<List<Long>> one = CompletableFuture.supplyAsync(() -> follow(opened));
            CompletableFuture<List<Long>> two = CompletableFuture.supplyAsync(() -> follow(opened));
            for (long i = 1; i <= ROWS; i += 10) {
                append(opened, i);
                if (i % 7 == 0) {
                    opened.appender.force();
                }
            }
            opened.appender.force();
            List<Long> all = LongStream.rangeClosed(1, ROWS).boxed().toList();
            assertThat(one.get(2, TimeUnit.MINUTES)).isEqualTo(all);
            assertThat(two.get(2, TimeUnit.MINUTES)).isEqualTo(all);
            assertThat(opened.journal.status().cycles()).isGreaterThan(4);
        }
    }

    private static void append(Opened opened, long from) throws JournalException {
        TableSchema schema = opened.orders();
        List<ChangeEvent> events = new ArrayList<>();
        for (long i = from; i < from + 10; i++) {
            events.add(Samples.insert(schema, i, "x".repeat(300)));
        }
        if (from % 30 == 1) {
            opened.appender.appendPart(new Transaction("b", Samples.position(from), from, events, true, false), null);
            opened.appender.appendPart(
                    new Transaction("b", Samples.position(from + 9), from, List.of(), false, true),
                    Samples.offset(from + 9));
        } else if (from % 30 == 11) {
            opened.appender.appendPart(new Transaction("b", Samples.position(from), from, events, true, false), null);
            opened.appender.abortParts();
            opened.appender.appendTransactions(
                    List.of(Transaction.whole("t", Samples.position(from + 9), from, events)),
                    Samples.offset(from + 9));
        } else {
            opened.appender.appendTransactions(
                    List.of(Transaction.whole("t", Samples.position(from + 9), from, events)),
                    Samples.offset(from + 9));
        }
    }

    private static List<Long> follow(Opened opened) {
        List<Long> numbers = new ArrayList<>();
        try (JournalReader reader = opened.journal.reader(0, table -> true)) {
            while (numbers.size() < ROWS) {
                Frame frame = reader.next();
                if (frame != null) {
                    numbers.addAll(Samples.numbersOf(frame));
                } else if (!reader.await(Duration.ofMinutes(1))) {
                    throw new IllegalStateException("nothing came behind frame " + reader.sequence());
                }
            }
            return numbers;
        } catch (JournalException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
