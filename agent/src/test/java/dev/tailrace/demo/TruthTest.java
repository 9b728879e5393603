package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ServerExtension.class)
class TruthTest {
    private Shop shop;
    private Connection connection;
    private Truth truth;

    @BeforeEach
    void shop(EmbeddedServer server) throws Exception {
        shop = server.openShop("truth");
        shop.stock(200, 50);
        connection = shop.connect();
        truth = shop.follow();
    }

    @AfterEach
    void drop() throws Exception {
        truth.close();
        connection.close();
        shop.close();
    }

    /** Another decoder of the server counts the same changes: the truth is not ours alone. */
    @Test
    void countsWhatAnotherDecoderCounts() throws Exception {
        Map<String, Long> expected = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_logical_replication_slot('other_slot', 'test_decoding')");
            try (Traffic traffic = Traffic.start(
                    shop, "t", Traffic.Plan.mixed(3, 42, Duration.ZERO, 500).times(150))) {
                Await.until("the traffic has ended", Duration.ofMinutes(4), traffic::hasEnded);
                traffic.stop();
                assertThat(traffic.tally().total() + traffic.tally().refused()).isEqualTo(450);
            }
            statement.execute("TRUNCATE order_items, payments");
            try (ResultSet result = statement.executeQuery(
                    "SELECT data FROM pg_logical_slot_get_changes('other_slot', NULL, NULL) WHERE data LIKE 'table %'")) {
                while (result.next()) {
                    count(result.getString(1), expected);
                }
            }
            statement.execute("SELECT pg_drop_replication_slot('other_slot')");
        }
        truth.read();
        assertThat(truth.counts()).isEqualTo(expected).containsEntry("order_items/T", 1L);
    }

    /** {@code table public.orders: UPDATE: ...}, a truncation names all its tables before one colon. */
    private static void count(String line, Map<String, Long> counts) {
        String head = line.substring("table ".length());
        for (String operation : new String[] {"INSERT", "UPDATE", "DELETE", "TRUNCATE"}) {
            int at = head.indexOf(": " + operation + ":");
            if (at >= 0) {
                for (String table : head.substring(0, at).split(", ")) {
                    String name = table.substring("public.".length());
                    if (name.startsWith("\"")) {
                        name = name.substring(1, name.length() - 1).replace("\"\"", "\"");
                    }
                    counts.merge(name + "/" + operation.charAt(0), 1L, Long::sum);
                }
                return;
            }
        }
        throw new AssertionError("test_decoding wrote " + head);
    }

    @Test
    void missingChangesArePardonedOnlyAtTheBeginning() throws Exception {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < 4; i++) {
                statement.execute(
                        "INSERT INTO stock_movements (sku, quantity) SELECT 'x', n FROM generate_series(1, 3) n");
            }
        }
        truth.read();
        Set<String> all = new LinkedHashSet<>(truth.changes().keySet());
        assertThat(all).hasSize(12);
        assertThat(truth.compare(all)).isEmpty();

        assertThat(truth.compare(tail(all, 3)))
                .as("a whole transaction before the snapshot")
                .isEmpty();
        assertThat(truth.compare(tail(all, 4))).as("half a transaction").hasSize(1);
        Set<String> gap = new LinkedHashSet<>(all);
        gap.remove(all.stream().skip(7).findFirst().orElseThrow());
        assertThat(truth.compare(gap)).singleElement().asString().startsWith("lost: I of stock_movements ");
        Set<String> invented = new LinkedHashSet<>(all);
        invented.add("pg-1-1-00000000-0000000000000001-00000000");
        assertThat(truth.compare(invented)).singleElement().asString().startsWith("never committed: ");
    }

    private static Set<String> tail(Set<String> ids, int without) {
        return new LinkedHashSet<>(ids.stream().skip(without).toList());
    }
}
