package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Operation;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.Contents;
import dev.tailrace.sink.RandomHistory;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.TestSchemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history tells every state that the source had, by the very query of the documentation. */
class JdbcHistoryTest implements ServerSuite {
    private static final TableSchema ORDERS = TestSchemas.ORDERS;

    private JdbcTarget history() throws Exception {
        return new JdbcTarget(server()).with("mode", "append");
    }

    /** {@link TestSchemas#ORDERS_UPPER} is left out: some servers cannot tell its name from that of ORDERS. */
    private static ChangeStream only(ChangeStream all) {
        ChangeStream stream = new ChangeStream();
        for (Frame frame : all.frames()) {
            for (ChangeEvent event : frame.transaction().events()) {
                if (event.table().equals(ORDERS.table())) {
                    stream.add(event.operation(), event.schema(), event.before(), event.after());
                }
            }
            if (frame.transaction().last()) {
                stream.commit();
            } else {
                stream.part();
            }
        }
        return stream;
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void theStateAtEveryCommitIsWhatItWas(long seed) throws Exception {
        ChangeStream stream = only(RandomHistory.of(seed, 60, false, true));
        try (JdbcTarget target = history()) {
            target.open(1, ORDERS);
            deliver(target, stream.frames(), new Random(seed));
            String query = documented();
            List<Frame> until = new ArrayList<>();
            int states = 0;
            for (Frame frame : stream.frames()) {
                until.add(frame);
                if (!frame.transaction().last()) {
                    continue;
                }
                String moment = target.query("SELECT coalesce(max(tailrace_sequence), 0) FROM orders WHERE"
                                + " CAST(tailrace_transaction AS " + server().text("bigint", "signed") + ") <= "
                                + frame.transaction().id())
                        .get(0);
                assertThat(target.query(query.replace(":moment", moment)))
                        .as(
                                "seed %d after transaction %s",
                                seed, frame.transaction().id())
                        .isEqualTo(state(until));
                states++;
            }
            assertThat(states).isEqualTo(60);
        }
    }

    private static void deliver(JdbcTarget target, List<Frame> frames, Random random) throws Exception {
        for (int next = 0; next < frames.size(); ) {
            List<Frame> chosen = new ArrayList<>(List.of(frames.get(next)));
            int most = 1 + random.nextInt(6);
            while (chosen.size() < most
                    && next + chosen.size() < frames.size()
                    && chosen.get(0).transaction().isWhole()
                    && frames.get(next + chosen.size()).transaction().isWhole()) {
                chosen.add(frames.get(next + chosen.size()));
            }
            target.write(ChangeStream.batch(chosen));
            next += chosen.size();
        }
    }

    private static List<String> state(List<Frame> frames) {
        Map<List<String>, Map<String, String>> rows =
                Contents.of(ChangeStream.eventsOf(frames)).rows().getOrDefault(ORDERS.table(), Map.of());
        return rows.entrySet().stream()
                .sorted(java.util.Comparator.comparing(
                        e -> Long.parseLong(e.getKey().get(0))))
                .map(e -> String.join(
                        "|",
                        ORDERS.columns().stream()
                                .map(c -> e.getValue().get(c.name()) == null
                                        ? "-"
                                        : e.getValue().get(c.name()))
                                .toList()))
                .toList();
    }

    private String documented() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "history.md"));
        Matcher block = Pattern.compile("```sql " + server().text("postgresql", "mysql") + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    void bothImagesAndThePlaceInTheTransactionAreKept() throws Exception {
        ChangeStream stream = new ChangeStream();
        stream.insert(ORDERS, 1L, 1, "a", "d", null).part();
        stream.add(
                        Operation.UPDATE,
                        ORDERS,
                        Row.of(ORDERS, 1L, 1, "a", "d", new java.math.BigDecimal("1.50")),
                        Row.of(ORDERS, 2L, 1, "b", Row.absent(), null))
                .delete(ORDERS, 2L)
                .commit();
        try (JdbcTarget target = history()) {
            target.open(1, ORDERS);
            target.write(stream.frames().get(0).batch());
            target.write(stream.frames().get(1).batch());
            assertThat(target.query("SELECT tailrace_operation, tailrace_order, id, document, tailrace_before"
                            + " FROM orders ORDER BY tailrace_sequence"))
                    .containsExactly(
                            "c|0|1|d|-",
                            // what the update leaves out is in the old image
                            "u|1|2|d|{\"id\":1,\"customer\":1,\"note\":\"a\",\"document\":\"d\",\"amount\":\"1.50\"}",
                            "d|2|2|-|{\"id\":2}");
        }
    }

    @Test
    void theTableOfAnEarlierVersionIsToldWhatItLacks() throws Exception {
        try (JdbcTarget target = history()) {
            target.open(1, ORDERS);
            target.close();
            target.prepared("ALTER TABLE orders DROP COLUMN tailrace_before");
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.open(2, ORDERS));
            assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
            assertThat(failure.remedy()).startsWith("ALTER TABLE").contains("tailrace_before");
            target.prepared(failure.remedy());
            target.open(3, ORDERS);
        }
    }
}
