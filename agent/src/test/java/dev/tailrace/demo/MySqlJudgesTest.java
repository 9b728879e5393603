package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.DeleteRowsEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.UpdateRowsEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import dev.tailrace.server.RequiresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What judges a MySQL source: its truth is another reader's, too, and its comparison by value condemns. */
@ExtendWith(ServerExtension.class)
@CapturesFrom(SourceKind.MYSQL_GTID)
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlJudgesTest {
    private static final String DATABASE = "judged";

    private MySqlSourceServer server;
    private EmbeddedServer warehouses;
    private Shop shop;

    @BeforeEach
    void open(SourceServer source, EmbeddedServer targets) throws Exception {
        server = (MySqlSourceServer) source;
        warehouses = targets;
        shop = server.openShop(DATABASE);
        shop.stock(200, 50);
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    @Test
    void theTruthIsWhatAnotherReaderOfTheLogSees() throws Exception {
        Other other = new Other(server);
        try (Truth truth = shop.follow()) {
            try (Traffic traffic = Traffic.start(
                    shop, "t", Traffic.Plan.mixed(3, 42, Duration.ZERO, 500).times(150))) {
                Await.until("the traffic has ended", Duration.ofMinutes(4), () -> {
                    server.rotateLog();
                    return traffic.hasEnded();
                });
                traffic.stop();
            }
            shop.execute("TRUNCATE TABLE payments");
            shop.execute("TRUNCATE \"judged\".\"order_items\"");
            long end = shop.written();
            Set<String> seen = other.readUntil(end);
            truth.read();
            assertThat(truth.changes()).hasSizeGreaterThan(1000);
            assertThat(truth.changes().keySet()).containsExactlyElementsOf(seen);
            assertThat(truth.counts())
                    .containsEntry("payments/T", 1L)
                    .containsEntry("order_items/T", 1L)
                    .containsKeys("products/U", "orders/D", "Gift Cards (für \"Alle\")/I");
        }
    }

    /** The client that the engine has inside; positions sort like the ids. */
    private static final class Other {
        private final MySqlSourceServer server;
        private final String start;
        private final long position;
        private final String source;
        private final Map<Long, String> tables = new HashMap<>();
        private final Set<String> ids = new ConcurrentSkipListSet<>();
        private volatile long reached;

        Other(MySqlSourceServer server) throws SQLException {
            this.server = server;
            try (Connection connection = server.connect("");
                    Statement statement = connection.createStatement();
                    ResultSet status = statement.executeQuery("SHOW BINARY LOG STATUS")) {
                status.next();
                start = status.getString(1);
                position = status.getLong(2);
            }
            try (Connection connection = server.connect("");
                    Statement statement = connection.createStatement();
                    ResultSet uuid = statement.executeQuery("SELECT @@server_uuid")) {
                uuid.next();
                source = "my-" + uuid.getString(1);
            }
        }

        Set<String> readUntil(long end) throws Exception {
            BinaryLogClient client = new BinaryLogClient("127.0.0.1", server.port(), "root", "");
            client.setServerId(77_777);
            client.setBinlogFilename(start);
            client.setBinlogPosition(position);
            client.registerEventListener(event -> take(client, event));
            client.connect(10_000);
            try {
                Await.until("the other reader is at the end", Duration.ofMinutes(4), () -> reached >= end);
            } finally {
                client.disconnect();
            }
            return ids;
        }

        private void take(BinaryLogClient client, Event event) {
            EventData data = event.getData();
            EventHeaderV4 header = event.getHeader();
            if (data instanceof TableMapEventData map) {
                tables.put(map.getTableId(), map.getDatabase());
            } else if (data instanceof WriteRowsEventData rows) {
                add(client, header, rows.getTableId(), rows.getRows().size());
            } else if (data instanceof UpdateRowsEventData rows) {
                add(client, header, rows.getTableId(), rows.getRows().size());
            } else if (data instanceof DeleteRowsEventData rows) {
                add(client, header, rows.getTableId(), rows.getRows().size());
            } else if (data instanceof QueryEventData query && query.getSql().startsWith("TRUNCATE")) {
                ids.add(id(client, header, 0));
            }
            reached = Math.max(reached, number(client) * (1L << 40) + header.getPosition() + header.getEventLength());
        }

        private void add(BinaryLogClient client, EventHeaderV4 header, long table, int rows) {
            for (int row = 0; DATABASE.equals(tables.get(table)) && row < rows; row++) {
                ids.add(id(client, header, row));
            }
        }

        private static long number(BinaryLogClient client) {
            return Long.parseLong(client.getBinlogFilename()
                    .substring(client.getBinlogFilename().lastIndexOf('.') + 1));
        }

        private String id(BinaryLogClient client, EventHeaderV4 header, int row) {
            return String.format(Locale.ROOT, "%s-%08x-%016x-%08x", source, number(client), header.getPosition(), row);
        }
    }

    /** What was written and not committed is no truth. */
    @Test
    void onlyWhatWasCommittedIsTrue() throws Exception {
        try (Truth truth = shop.follow();
                Connection connection = shop.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO stock_movements (sku, quantity) VALUES ('a', 1), ('b', 2)");
            truth.read();
            assertThat(truth.changes()).isEmpty();
            connection.rollback();
            statement.execute("INSERT INTO stock_movements (sku, quantity) VALUES ('c', 3)");
            connection.commit();
            truth.read();
            assertThat(truth.counts()).isEqualTo(Map.of("stock_movements/I", 1L));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT 1                                                              |
            UPDATE kinds SET n = 1.51 WHERE id = '1'                              | "kinds" differs: (1)
            UPDATE kinds SET f = 0.2 WHERE id = '1'                               | "kinds" differs: (1)
            UPDATE kinds SET d = 1e-300 WHERE id = '1'                            | "kinds" differs: (1)
            UPDATE kinds SET big = 18446744073709551614 WHERE id = '1'            | "kinds" differs: (1)
            UPDATE kinds SET ts = ts + interval '1 us' WHERE id = '1'             | "kinds" differs: (1)
            UPDATE kinds SET dt = NULL WHERE id = '1'                             | "kinds" differs: (1)
            UPDATE kinds SET tm = '10:00:01' WHERE id = '1'                       | "kinds" differs: (1)
            UPDATE kinds SET b = B'000000000111' WHERE id = '1'                   | "kinds" differs: (1)
            UPDATE kinds SET y = 1999 WHERE id = '1'                              | "kinds" differs: (1)
            UPDATE kinds SET j = '{"a":1.50,"b":[null,"y"]}' WHERE id = '1'       | "kinds" differs: (1)
            UPDATE kinds SET t = 'Müller' WHERE id = '1'                          | "kinds" differs: (1)
            UPDATE kinds SET t = '' WHERE id = '2'                                | "kinds" differs: (2)
            UPDATE kinds SET bin = '\\x00ff01' WHERE id = '1'                     | "kinds" differs: (1)
            DELETE FROM kinds WHERE id = '2'                                      | "kinds" missing in the target: (2)
            INSERT INTO kinds (id) VALUES ('3')                                   | "kinds" only in the target: (3)
            """)
    void equalValuesOfTwoDatabasesAreEqualAndOthersNot(String sabotage, String expected) throws Exception {
        for (String table : List.of("customers", "products", "orders", "order_items", "payments", "stock_movements")) {
            shop.execute("DROP TABLE " + table);
        }
        shop.execute("DROP TABLE " + Shop.GIFT_CARDS);
        shop.execute(
                "CREATE TABLE kinds (id varchar(9) PRIMARY KEY, n decimal(9,2), f float, d double, big bigint unsigned,"
                        + " ts timestamp(6) NULL, dt datetime(3), tm time, b bit(12), y year, j json, t varchar(20) CHARACTER SET latin1,"
                        + " bin varbinary(9))");
        shop.execute(
                "INSERT INTO kinds VALUES ('1', 1.50, 0.1, 1e300, 18446744073709551615, '2024-02-29 23:59:59.999999',"
                        + " '2024-01-01 00:00:00.500', '10:00:00', b'101', 1901, '{\"b\": [null, \"x\"], \"a\": 1.5}', 'Möller',"
                        + " 0x00ff00), ('2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        PostgresWarehouse warehouse = PostgresWarehouse.create(warehouses, "judged_warehouse", warehouses.port());
        try (Connection ours = shop.connect();
                Connection theirs = warehouse.connect();
                Statement statement = theirs.createStatement()) {
            statement.execute("CREATE SCHEMA judged");
            statement.execute("SET search_path = judged");
            statement.execute("CREATE TABLE kinds (id text PRIMARY KEY, n numeric(9,2), f double precision,"
                    + " d double precision, big numeric, ts timestamptz, dt timestamp, tm time, b bit(12), y int, j json, t text,"
                    + " bin bytea)");
            statement.execute("INSERT INTO kinds VALUES ('1', 1.50, 0.1::real, 1e300, 18446744073709551615,"
                    + " '2024-02-29 23:59:59.999999Z', '2024-01-01 00:00:00.5', '10:00:00', B'000000000101', 1901,"
                    + " '{\"a\":1.50,\"b\":[null,\"x\"]}', 'Möller', '\\x00ff00')");
            statement.execute("INSERT INTO kinds (id) VALUES ('2')");
            statement.execute(sabotage);
            Comparison.Result result = new Comparison(shop.tables(ours), warehouse.tables(theirs, DATABASE)).compare();
            assertThat(result.listed()).isEqualTo(expected == null ? List.of() : List.of(expected));
        } finally {
            warehouse.close();
        }
    }
}
