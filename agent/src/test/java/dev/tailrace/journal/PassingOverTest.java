package dev.tailrace.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Samples.Opened;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that want little, or nothing, of what is written. */
class PassingOverTest {
    private static final Duration MOMENT = Duration.ofMillis(1);
    /** Whoever is not woken sleeps longer than a test waits for him. */
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @Test
    void whatNobodyWantsWakesNobodyAndGoesByInOneStep() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings());
                JournalReader reader = reader(opened, Samples.OTHERS)) {
            long last = 0;
            for (long i = 1; i <= 50; i++) {
                last = opened.append(i, "x");
                opened.appender.force();
            }
            assertThat(reader.await(MOMENT)).isFalse();
            assertThat(reader.next().kind()).isEqualTo(Frame.Kind.SCHEMA);
            assertThat(reader.next().kind()).isEqualTo(Frame.Kind.TRANSACTIONS); // now it is between two transactions
            Frame passed = reader.next();
            assertThat(passed.sequence()).isEqualTo(last);
            assertThat(passed.kind()).isEqualTo(Frame.Kind.OFFSET);
            assertThat(passed.position()).isEqualTo(Samples.position(50).toString());
            assertThat(reader.next()).isNull();

            TableSchema others = opened.appender.schema(Samples.OTHERS, Samples.COLUMNS, List.of(0));
            CompletableFuture<Boolean> woken = waiting(reader);
            opened.append(51, "x");
            opened.appender.force();
            opened.appender.appendTransactions(List.of(Samples.transaction(others, 52, "wanted")), Samples.offset(52));
            opened.appender.force();
            assertThat(woken.get(2, TimeUnit.MINUTES)).isTrue();
            assertThat(rest(reader)).containsExactly(52L);
        }
    }

    /** Between its parts are frames of other tables, of shapes, and the beginnings of files. */
    @Test
    void aTransactionThatWasBegunIsReadToItsEnd() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings(1024, 1));
                JournalReader reader = reader(opened, Samples.OTHERS)) {
            TableSchema others = opened.appender.schema(Samples.OTHERS, Samples.COLUMNS, List.of(0));
            opened.appender.appendPart(Samples.part(others, 1, true, false), null);
            long second = opened.appender.appendPart(Samples.part(others, 2, false, false), null);
            opened.appender.force(); // nothing that follows is wanted, but for the end
            int files = opened.journal.status().cycles();
            int parts = 8;
            for (int i = 3; i < parts; i++) {
                TableSchema another = opened.appender.schema(table(i), Samples.COLUMNS, List.of(0));
                List<ChangeEvent> events = List.of(Samples.insert(another, i, "x".repeat(400_000)));
                opened.appender.appendPart(new Transaction("big", Samples.position(i), i, events, false, false), null);
                opened.appender.force();
            }
            opened.appender.appendPart(Samples.part(opened.orders(), parts, false, true), Samples.offset(parts));
            opened.append(parts + 1, "x");
            opened.appender.force();
            assertThat(opened.journal.status().cycles()).isGreaterThan(files + 1);

            List<Transaction> read = parts(reader);
            assertThat(read).hasSize(parts).extracting(Transaction::first).startsWith(true, false);
            assertThat(read.get(parts - 1).last()).isTrue();
            // and once more from within it, as after a restart behind its second part
            reader.seek(second);
            read = parts(reader);
            assertThat(read).hasSize(parts - 2);
            assertThat(read.get(parts - 3).last()).isTrue();
        }
    }

    @Test
    void whatIsNotCompleteIsNotPassed() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings());
                JournalReader reader = reader(opened, Samples.OTHERS)) {
            TableSchema others = opened.appender.schema(Samples.OTHERS, Samples.COLUMNS, List.of(0));
            long before = opened.append(1, "x");
            opened.appender.force();
            assertThat(rest(reader)).isEmpty();
            opened.appender.appendPart(Samples.part(opened.orders(), 2, true, false), null);
            opened.appender.force(); // nothing of it is wanted, and its end is not there
            assertThat(rest(reader)).isEmpty();
            assertThat(reader.sequence()).isEqualTo(before);
            opened.appender.appendPart(Samples.part(others, 3, false, false), null);
            opened.appender.force();
            assertThat(rest(reader)).isEmpty();
            assertThat(reader.sequence()).isEqualTo(before);
            assertThat(reader.await(MOMENT)).isFalse();
            CompletableFuture<Boolean> woken = waiting(reader);
            opened.appender.appendPart(Samples.part(opened.orders(), 4, false, true), Samples.offset(4));
            opened.appender.force();
            assertThat(woken.get(2, TimeUnit.MINUTES)).isTrue();
            assertThat(rest(reader)).containsExactly(3L);
        }
    }

    @Test
    void aReaderGoesOnThoughTheFilesItPassedAreGone() throws Exception {
        try (Opened opened = new Opened(directory, Samples.settings(8, 1));
                JournalReader reader = reader(opened, Samples.OTHERS)) {
            opened.journal.hold("reader", 0);
            opened.journal.holdersComplete();
            TableSchema others = opened.appender.schema(Samples.OTHERS, Samples.COLUMNS, List.of(0));
            for (long i = 1; i <= 100; i++) {
                opened.append(i, "x".repeat(300_000));
                opened.appender.force();
                assertThat(rest(reader)).isEmpty();
                opened.journal.hold("reader", reader.sequence());
            }
            assertThat(opened.journal.status().firstSequence()).isGreaterThan(10);
            opened.appender.appendTransactions(List.of(Samples.transaction(others, 101, "x")), Samples.offset(101));
            opened.appender.force();
            assertThat(rest(reader)).containsExactly(101L);
        }
    }

    /** Every reader sees every change that it wants, once and in order, whatever goes by beside it. */
    @Test
    void nothingWantedIsEverPassed() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<TableId> tables = List.of(table(0), table(1), table(2), table(3), table(4));
        List<Set<TableId>> wants = List.of(
                Set.of(),
                Set.of(table(0)),
                Set.of(table(1)),
                Set.of(table(4)),
                Set.of(table(0), table(3)),
                Set.copyOf(tables));
        Map<Set<TableId>, List<Long>> written = new HashMap<>();
        wants.forEach(want -> written.put(want, new ArrayList<>()));
        try (Opened opened = new Opened(directory, Samples.settings(1024, 1))) {
            AtomicBoolean done = new AtomicBoolean();
            List<CompletableFuture<List<Long>>> read = new ArrayList<>();
            for (Set<TableId> want : wants) {
                read.add(CompletableFuture.supplyAsync(() -> follow(opened, want, done)));
            }
            Writer writer = new Writer(opened, random, tables, written);
            for (int i = 0; i < 4_000; i++) {
                writer.write();
            }
            opened.appender.force();
            done.set(true);
            for (int i = 0; i < wants.size(); i++) {
                assertThat(read.get(i).get(2, TimeUnit.MINUTES))
                        .describedAs("seed %d, reader of %s", seed, wants.get(i))
                        .isEqualTo(written.get(wants.get(i)));
            }
        }
    }

    private static final class Writer {
        private final Opened opened;
        private final Random random;
        private final List<TableId> tables;
        private final Map<Set<TableId>, List<Long>> written;
        private long number;

        Writer(Opened opened, Random random, List<TableId> tables, Map<Set<TableId>, List<Long>> written) {
            this.opened = opened;
            this.random = random;
            this.tables = tables;
            this.written = written;
        }

        void write() throws JournalException {
            switch (random.nextInt(8)) {
                case 0 -> opened.appender.appendOffset(Samples.offset(++number), 1);
                case 1, 2 -> parts(2 + random.nextInt(3), random.nextInt(4) == 0);
                default -> {
                    Transaction whole = transaction(true, true, true);
                    opened.appender.appendTransactions(List.of(whole), Samples.offset(number));
                }
            }
            if (random.nextInt(3) == 0) {
                opened.appender.force();
            }
        }

        private void parts(int count, boolean given) throws JournalException {
            for (int i = 0; i < count; i++) {
                boolean last = i == count - 1 && !given;
                if (i > 0 && random.nextInt(4) == 0) {
                    opened.appender.schema(table(100 + random.nextInt(500)), Samples.COLUMNS, List.of(0));
                }
                Transaction part = transaction(i == 0, last, !given);
                opened.appender.appendPart(part, last ? Samples.offset(number) : null);
                if (random.nextInt(3) == 0) {
                    opened.appender.force();
                }
            }
            opened.appender.abortParts();
        }

        private Transaction transaction(boolean first, boolean last, boolean counts) throws JournalException {
            List<ChangeEvent> events = new ArrayList<>();
            // seldom a table that is far back in the list
            TableId table = tables.get(Math.min(tables.size() - 1, (int) Math.abs(random.nextGaussian() * 1.6)));
            TableSchema schema = opened.appender.schema(table, Samples.COLUMNS, List.of(0));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                long row = ++number;
                events.add(Samples.insert(schema, row, "x".repeat(random.nextInt(2_000))));
                if (counts) {
                    written.forEach((want, rows) -> {
                        if (want.contains(table)) {
                            rows.add(row);
                        }
                    });
                }
            }
            SourcePosition position = Samples.position(number);
            return new Transaction("t", position, number, events, first, last);
        }
    }

    private static List<Long> follow(Opened opened, Set<TableId> want, AtomicBoolean done) {
        List<Long> numbers = new ArrayList<>();
        boolean begun = false;
        try (JournalReader reader = opened.journal.reader(0, want::contains)) {
            while (true) {
                boolean last = done.get();
                for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                    numbers.addAll(Samples.numbersOf(frame));
                    begun = isBegun(frame, begun);
                }
                if (last) {
                    assertThat(begun).isFalse();
                    return numbers;
                }
                reader.await(Duration.ofMillis(20));
            }
        } catch (JournalException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether something of a transaction was seen whose end was not. */
    private static boolean isBegun(Frame frame, boolean before) {
        if (frame.kind().standsAnywhere()) {
            return before;
        }
        if (frame.kind() != Frame.Kind.PART) {
            assertThat(before)
                    .describedAs("the end is missing before %s", frame)
                    .isFalse();
            return false;
        }
        Transaction part = frame.transactions().get(0);
        assertThat(before && part.first())
                .describedAs("the end is missing before %s", frame)
                .isFalse();
        return !part.last() && (before || !part.events().isEmpty());
    }

    private static List<Long> rest(JournalReader reader) throws JournalException {
        List<Long> numbers = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            numbers.addAll(Samples.numbersOf(frame));
        }
        return numbers;
    }

    private static List<Transaction> parts(JournalReader reader) throws JournalException {
        List<Transaction> parts = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            if (frame.kind() == Frame.Kind.PART) {
                parts.addAll(frame.transactions());
            }
        }
        return parts;
    }

    /** On a thread that sleeps when this returns. */
    private static CompletableFuture<Boolean> waiting(JournalReader reader) {
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                woken.complete(reader.await(LONG));
            } catch (InterruptedException e) {
                woken.completeExceptionally(e);
            }
        });
        waiter.setDaemon(true);
        waiter.start();
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return woken;
    }

    private static JournalReader reader(Opened opened, TableId table) throws JournalException {
        return opened.journal.reader(opened.journal.status().readableSequence(), table::equals);
    }

    private static TableId table(int number) {
        return new TableId("public", "t" + number);
    }
}
