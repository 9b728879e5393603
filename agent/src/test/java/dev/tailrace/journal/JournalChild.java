package dev.tailrace.journal;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.journal.Samples.Opened;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A process that captures from a source that counts: it goes on behind the recovered offset, says {@code FORCED n} after each fsync
 * and runs until it is killed.
 */
final class JournalChild {
    /** Remembers the number that was the last one when it was remembered. */
    static final String HISTORY = "last";

    private final Opened opened;
    private final Random random;
    private long number;

    private JournalChild(Opened opened, long seed) {
        this.opened = opened;
        this.random = new Random(seed);
        this.number = opened.journal.recovered().offset().map(Samples::numberOf).orElse(0L);
    }

    public static void main(String[] args) throws JournalException {
        try (Opened opened = new Opened(Path.of(args[0]), Samples.settings(1024, 1))) {
            System.out.println("EPOCH " + opened.journal.epoch());
            new JournalChild(opened, Long.parseLong(args[1])).run();
        }
    }

    private void run() throws JournalException {
        opened.appender.start(Map.of("source", "counting"));
        while (true) {
            int dice = random.nextInt(10);
            if (dice % 3 == 0) {
                Map<String, Optional<String>> history = Map.of(HISTORY, Optional.of(Long.toString(number)));
                opened.appender.appendHistory(history, false, Samples.offset(number), number);
            }
            if (dice < 2) {
                appendParts(2 + random.nextInt(4));
            } else {
                appendTransactions(1 + random.nextInt(5));
            }
            if (dice > 3) {
                opened.appender.force();
                System.out.println("FORCED " + number);
            }
        }
    }

    private void appendTransactions(int count) throws JournalException {
        List<Transaction> transactions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<ChangeEvent> events = rows(1 + random.nextInt(20));
            transactions.add(Transaction.whole("t" + number, Samples.position(number), number, events));
        }
        opened.appender.appendTransactions(transactions, Samples.offset(number));
    }

    private void appendParts(int count) throws JournalException {
        for (int i = 1; i <= count; i++) {
            List<ChangeEvent> events = rows(1 + random.nextInt(50));
            boolean last = i == count;
            Transaction part = new Transaction("big", Samples.position(number), number, events, i == 1, last);
            opened.appender.appendPart(part, last ? Samples.offset(number) : null);
            if (random.nextBoolean()) {
                opened.appender.force();
            }
        }
    }

    private List<ChangeEvent> rows(int count) throws JournalException {
        TableSchema schema = opened.orders();
        List<ChangeEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            number++;
            events.add(Samples.insert(schema, number, "x".repeat(random.nextInt(2000))));
        }
        return events;
    }
}
