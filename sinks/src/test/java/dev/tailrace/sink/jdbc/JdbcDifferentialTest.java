package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.ChangeStream.Frame;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random changes that a real database with unique and foreign keys accepted, written in random batches through broken
 * connections into a database with the same constraints. {@code -Djdbc.seeds=50} is the long form.
 */
class JdbcDifferentialTest implements ServerSuite {
    private static final TableSchema PARENT = table(1, "parent", List.of(0), number("id"), text("name"), text("doc"));
    private static final TableSchema CHILD = table(2, "child", List.of(0), number("id"), number("parent"), text("doc"));
    /** Rows of it have no order among each other: some of a batch may be loaded, and the others upserted. */
    private static final TableSchema NOTE = table(3, "note", List.of(0), number("id"), text("name"), text("doc"));

    private static final String[] TABLES = {
        "CREATE TABLE note (id bigint PRIMARY KEY, name varchar(40), doc text)",
        "CREATE TABLE parent (id bigint PRIMARY KEY, name varchar(40) UNIQUE, doc text)",
        "CREATE TABLE child (id bigint PRIMARY KEY, parent bigint, doc varchar(40), UNIQUE (parent, doc), FOREIGN KEY"
                + " (parent) REFERENCES parent (id))"
    };

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("jdbc.seeds", 4));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theTargetEqualsTheSource(long seed) throws Exception {
        Random random = new Random(seed);
        try (JdbcTarget source = new JdbcTarget().prepared(TABLES);
                JdbcTarget target = new JdbcTarget(server()).prepared(TABLES)) {
            ChangeStream stream = new ChangeStream();
            try (Connection connection = TestPostgres.connect(source.database)) {
                connection.setAutoCommit(false);
                for (int i = 0; i < 80; i++) {
                    transaction(connection, stream, random);
                }
            }
            if (seed % 2 == 0) {
                target.loading();
            }
            List<String> points = new ArrayList<>();
            deliver(target, stream.frames(), random, points);
            if (seed % 2 == 0 && server() == TestServer.POSTGRES) {
                assertThat(points).as("loads of seed %d", seed).contains(KilledLoader.COPY);
            }
            for (String table : List.of("parent", "child", "note")) {
                String all = "SELECT * FROM " + table + " ORDER BY id";
                assertThat(target.query(all)).as("%s, seed %d", table, seed).isEqualTo(source.query(all));
            }
            assertThat(stream.events()).as("changes of seed %d", seed).hasSizeGreaterThan(200);
        }
    }

    private static void transaction(Connection connection, ChangeStream stream, Random random) throws SQLException {
        int parts = random.nextInt(5) == 0 ? 3 : 1;
        for (int part = 1; part <= parts; part++) {
            int changes = 1 + random.nextInt(20);
            for (int i = 0; i < changes; i++) {
                change(connection, stream, random);
            }
            if (part < parts) {
                stream.part();
            }
        }
        connection.commit();
        stream.commit();
    }

    /** One statement at the source; what its constraints refuse is no change. */
    private static void change(Connection connection, ChangeStream stream, Random random) throws SQLException {
        TableSchema schema = List.of(PARENT, CHILD, NOTE).get(random.nextInt(3));
        boolean named = schema != CHILD;
        String name = schema.table().table();
        String second = named ? "name" : "parent";
        long id = random.nextInt(schema == NOTE ? 40 : 6);
        long other = random.nextInt(6);
        Object value = named ? (Object) ("n" + random.nextInt(5)) : Long.valueOf(random.nextInt(6));
        String doc = "doc" + random.nextInt(4);
        boolean keepsDoc = random.nextBoolean();
        Object shownDoc = keepsDoc ? Row.absent() : doc;
        String set = second + " = '" + value + "'" + (keepsDoc ? "" : ", doc = '" + doc + "'");
        Savepoint before = connection.setSavepoint();
        try {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    execute(connection, "INSERT INTO " + name + " VALUES (" + id + ", '" + value + "', '" + doc + "')");
                    stream.insert(schema, id, value, doc);
                }
                case 4, 5, 6 -> {
                    if (execute(connection, "UPDATE " + name + " SET " + set + " WHERE id = " + id) == 1) {
                        stream.update(schema, id, value, shownDoc);
                    }
                }
                case 7 -> {
                    String move = "UPDATE " + name + " SET id = " + other + ", " + set + " WHERE id = " + id;
                    if (other != id && execute(connection, move) == 1) {
                        stream.rekey(schema, List.of(id), other, value, shownDoc);
                    }
                }
                default -> {
                    if (random.nextInt(25) == 0) {
                        execute(connection, "TRUNCATE child");
                        stream.truncate(CHILD);
                    } else if (execute(connection, "DELETE FROM " + name + " WHERE id = " + id) == 1) {
                        stream.delete(schema, id);
                    }
                }
            }
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            connection.rollback(before);
        }
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void deliver(JdbcTarget target, List<Frame> frames, Random random, List<String> points)
            throws Exception {
        int durable = 0;
        int next = 0;
        target.open(points::add, 1);
        while (next < frames.size()) {
            List<Frame> chosen = new ArrayList<>(List.of(frames.get(next)));
            int most = 1 + random.nextInt(10);
            while (next + chosen.size() < frames.size()
                    && chosen.size() < most
                    && chosen.get(0).transaction().isWhole()
                    && frames.get(next + chosen.size()).transaction().isWhole()) {
                chosen.add(frames.get(next + chosen.size()));
            }
            if (random.nextInt(8) == 0) {
                target.server.killSinks(target.database);
                SinkException failure =
                        catchThrowableOfType(SinkException.class, () -> target.write(ChangeStream.batch(chosen)));
                // Between two rows an interrupt ends a write to SQLite: one without rows it does not.
                if (failure != null || target.server != TestServer.SQLITE) {
                    assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
                }
                durable = target.open(points::add, 2)
                        .checkpoint()
                        .map(checkpoint -> (int) checkpoint.sequence())
                        .orElse(0);
                next = durable;
                continue;
            }
            WriteResult result = target.write(ChangeStream.batch(chosen));
            next += chosen.size();
            durable = result == WriteResult.DURABLE ? next : durable;
        }
    }
}
