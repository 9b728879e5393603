package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.jdbc.CatalogQuery.References;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that have no order among each other are written by their keys; all others as they came. */
class KeyOrderTest extends TargetSuite {
    private static final TableSchema SEAT = table(1, "seats", List.of(0), number("id"), text("name"));
    private static final String SEATS = "CREATE TABLE seats (id bigint PRIMARY KEY, name text)";

    /** The keys in the order in which the target has put the rows on its page. */
    private List<String> written(String... definitions) throws Exception {
        target.prepared(definitions);
        stream.insert(SEAT, 30L, "a")
                .insert(SEAT, 10L, "b")
                .insert(SEAT, 20L, "c")
                .commit();
        target.write(ChangeStream.batch(stream.frames()));
        return target.query("SELECT id FROM seats ORDER BY ctid");
    }

    @Test
    void rowsAreWrittenByTheirKeys() throws Exception {
        assertThat(written(SEATS)).containsExactly("10", "20", "30");
        stream.update(SEAT, 20L, "d").update(SEAT, 10L, "e").commit();
        target.write(ChangeStream.batch(stream.frames().subList(1, 2)));
        assertThat(target.query("SELECT id FROM seats ORDER BY ctid")).containsExactly("30", "10", "20");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE UNIQUE INDEX ON seats (name)",
                "CREATE UNIQUE INDEX ON seats (lower(name))",
                "CREATE UNIQUE INDEX ON seats ((1)) WHERE name = 'z'",
                "ALTER TABLE seats ADD UNIQUE (name) DEFERRABLE",
                "ALTER TABLE seats ADD EXCLUDE USING btree (name WITH =)",
                "ALTER TABLE seats ADD next bigint REFERENCES seats",
                "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
                        + " CREATE TRIGGER look BEFORE INSERT ON seats FOR EACH ROW EXECUTE FUNCTION look()"
            })
    void rowsThatMayConcernEachOtherAreWrittenAsTheyCame(String rule) throws Exception {
        assertThat(written(SEATS, rule)).containsExactly("30", "10", "20");
    }

    @Test
    void anyValuesHaveAnOrder() {
        TargetTable found = new TargetTable(
                TargetName.of("public", "seats"),
                Map.of(),
                List.of(Set.of("id")),
                1,
                new References(Set.of(), Set.of()),
                false,
                true,
                Optional.empty());
        TableSchema pair = table(2, "pairs", List.of(0, 1), number("id"), text("name"));
        List<Row> rows = new ArrayList<>();
        for (Object first : List.of(1L, -7L, "Infinity", 2.5, new byte[] {1}, new byte[] {-1}, List.of("x"))) {
            for (Object second : List.of(3L, 2L, "b", "a")) {
                rows.add(Row.of(pair, first, second));
            }
        }
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            Collections.shuffle(rows, random);
            List<Row> ordered = KeyOrder.of(found, rows);
            assertThat(ordered).containsExactlyInAnyOrderElementsOf(rows);
            List<Object> numbers = ordered.stream()
                    .map(row -> row.value(0))
                    .filter(Long.class::isInstance)
                    .toList();
            assertThat(numbers).containsExactly(-7L, -7L, -7L, -7L, 1L, 1L, 1L, 1L);
        }
    }
}
