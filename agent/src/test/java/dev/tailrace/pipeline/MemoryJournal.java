package dev.tailrace.pipeline;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Column;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.SourcePosition;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.Transaction;
import dev.tailrace.event.ValueType;
import dev.tailrace.journal.Frame;
import dev.tailrace.journal.Journal;
import dev.tailrace.journal.JournalAppender;
import dev.tailrace.journal.JournalException;
import dev.tailrace.journal.JournalReader;
import dev.tailrace.journal.JournalStatus;
import dev.tailrace.journal.Space;
import dev.tailrace.journal.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A journal in memory whose frames, first frame and identity a test sets. The real one is exercised in its own room. */
final class MemoryJournal implements Journal {
    static final TableId ORDERS = new TableId("public", "orders");
    static final TableId OTHERS = new TableId("public", "others");

    private final String id;
    private final List<Frame> frames = new ArrayList<>();
    private long first = 1;
    private long nextKey;
    private final TreeMap<Long, String> starts = new TreeMap<>(Map.of(1L, "t1"));
    final Map<String, Long> holds = new ConcurrentHashMap<>();

    MemoryJournal(String id) {
        this.id = id;
    }

    static TableSchema schema(TableId table) {
        return new TableSchema(1, table, 1, List.of(Column.of("id", "int8", ValueType.INT64, false)), List.of(0));
    }

    private List<ChangeEvent> events(TableId table, int count) {
        TableSchema schema = schema(table);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    long key = nextKey++;
                    SourcePosition position = new SourcePosition("pg-1-1", 0, key);
                    return ChangeEvent.ofChange(Operation.INSERT, schema, position, 0, null, Row.of(schema, key));
                })
                .toList();
    }

    private synchronized long append(Frame.Kind kind, List<Transaction> transactions) {
        long sequence = first + frames.size();
        frames.add(new Frame(sequence, 1, kind, transactions, "p" + sequence, sequence * 1_000_000, 100));
        notifyAll();
        return sequence;
    }

    /** One frame with one transaction of that many inserts, committed at (frame number) seconds since 1970. */
    synchronized long transaction(TableId table, int events) {
        long sequence = first + frames.size();
        SourcePosition position = new SourcePosition("pg-1-1", 0, sequence);
        return append(
                Frame.Kind.TRANSACTIONS,
                List.of(Transaction.whole("t" + sequence, position, sequence * 1_000_000, events(table, events))));
    }

    /** A change of the row with that key; an update from another key when {@code from} is not null. */
    ChangeEvent change(Operation operation, TableId table, Long from, Long key) {
        TableSchema schema = schema(table);
        Row before = operation == Operation.DELETE ? Row.of(schema, key) : from == null ? null : Row.of(schema, from);
        Row after = operation == Operation.DELETE || operation == Operation.TRUNCATE ? null : Row.of(schema, key);
        return ChangeEvent.ofChange(operation, schema, new SourcePosition("pg-1-1", 0, nextKey++), 0, before, after);
    }

    /** One frame with one transaction of these changes. */
    synchronized long transactionOf(ChangeEvent... changes) {
        return append(Frame.Kind.TRANSACTIONS, List.of(transaction(true, true, changes)));
    }

    synchronized long partOf(boolean firstPart, boolean last, ChangeEvent... changes) {
        return append(Frame.Kind.PART, List.of(transaction(firstPart, last, changes)));
    }

    private Transaction transaction(boolean firstPart, boolean last, ChangeEvent... changes) {
        long sequence = first + frames.size();
        String id = firstPart && last ? "t" + sequence : "big";
        return new Transaction(
                id, new SourcePosition("pg-1-1", 0, sequence), sequence * 1_000_000, List.of(changes), firstPart, last);
    }

    synchronized long part(TableId table, int events, boolean firstPart, boolean last) {
        long sequence = first + frames.size();
        SourcePosition position = new SourcePosition("pg-1-1", 0, sequence);
        return append(
                Frame.Kind.PART,
                List.of(new Transaction(
                        "big", position, sequence * 1_000_000, events(table, events), firstPart, last)));
    }

    /** A frame about shapes, or the beginning of a file. */
    long shape() {
        return append(Frame.Kind.SCHEMA, List.of());
    }

    long offset() {
        return append(Frame.Kind.OFFSET, List.of());
    }

    /** Deletes the frames before that one. */
    synchronized void deleteBefore(long sequence) {
        frames.removeIf(frame -> frame.sequence() < sequence);
        first = sequence;
    }

    /** All changes so far. */
    int events() {
        return (int) nextKey;
    }

    synchronized long end() {
        return first + frames.size() - 1;
    }

    private synchronized Frame at(long sequence) {
        return sequence > end() ? null : frames.get((int) (sequence - first));
    }

    @Override
    public JournalReader reader(long afterSequence, Predicate<TableId> tables) throws JournalException {
        if (afterSequence > end() || (afterSequence > 0 && afterSequence + 1 < first)) {
            throw new JournalException("JOURNAL-GAP", "no frame " + afterSequence, "", false, null);
        }
        return new JournalReader() {
            private long passed = Math.max(afterSequence, first - 1);

            @Override
            public Frame next() {
                Frame frame = at(passed + 1);
                if (frame == null) {
                    return null;
                }
                passed++;
                List<Transaction> wanted = frame.transactions().stream()
                        .map(t -> new Transaction(
                                t.id(),
                                t.position(),
                                t.commitMicros(),
                                t.events().stream()
                                        .filter(e -> tables.test(e.table()))
                                        .toList(),
                                t.first(),
                                t.last()))
                        .toList();
                return new Frame(
                        frame.sequence(),
                        frame.epoch(),
                        frame.kind(),
                        wanted,
                        frame.position(),
                        frame.sourceMicros(),
                        frame.bytes());
            }

            @Override
            public long newest() {
                return end();
            }

            @Override
            public boolean await(Duration atMost) throws InterruptedException {
                return awaitReadable(passed, atMost);
            }

            @Override
            public void seek(long after) {
                passed = after;
            }

            @Override
            public long sequence() {
                return passed;
            }

            @Override
            public void close() {}
        };
    }

    private synchronized boolean awaitReadable(long afterSequence, Duration atMost) throws InterruptedException {
        if (end() <= afterSequence) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(atMost.toNanos(), 1_000_000));
        }
        return end() > afterSequence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long epoch() {
        return 1;
    }

    /** The next frame is of another start. */
    synchronized void restart(String token) {
        starts.put(end() + 1, token);
    }

    @Override
    public synchronized String token() {
        return starts.lastEntry().getValue();
    }

    @Override
    public synchronized String tokenOf(long sequence) {
        Map.Entry<Long, String> start = starts.floorEntry(sequence);
        return start == null ? "" : start.getValue();
    }

    @Override
    public Tail recovered() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tail durableTail() {
        throw new UnsupportedOperationException();
    }

    @Override
    public JournalAppender appender() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TableSchema> schemas() {
        return List.of(schema(ORDERS), schema(OTHERS));
    }

    @Override
    public Map<String, String> schemaHistory() {
        return Map.of();
    }

    @Override
    public void hold(String holder, long durableSequence) {
        holds.put(holder, durableSequence);
    }

    @Override
    public void unhold(String holder) {
        holds.remove(holder);
    }

    @Override
    public void holdersComplete() {}

    @Override
    public Space space() {
        return Space.AVAILABLE;
    }

    @Override
    public synchronized JournalStatus status() {
        return new JournalStatus(
                frames.isEmpty() ? 0 : first, end(), end(), 0, 0, 0, 0, 0, Space.AVAILABLE, false, 0, 1);
    }

    @Override
    public void close() {}
}
