package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of the source that meets one of another type, which the target's owner has made.
 *
 * @param declared at the target
 * @param bad what the target would take without a word, and keep as something else
 * @param good what it keeps as it is
 * @param shown how it shows that
 */
record TypeHazard(
        Column source,
        String declared,
        Object bad,
        @Nullable Object good,
        String shown) {

    static TypeHazard of(
            String type, ValueType carried, String declared, Object bad, @Nullable Object good, String shown) {
        return new TypeHazard(Column.of("x", type, carried, true), declared, bad, good, shown);
    }

    static TypeHazard array(String type, ValueType element, String declared, List<?> bad, List<?> good, String shown) {
        return new TypeHazard(
                new Column("x", type, -1, -1, true, ValueType.ARRAY, element), declared, bad, good, shown);
    }

    static TypeHazard numeric(String declared, String bad, String good, String shown) {
        return of("numeric", ValueType.DECIMAL, declared, new BigDecimal(bad), new BigDecimal(good), shown);
    }

    /** Writes all of them into one table: each bad value is refused by the name of its column, each good one is kept. */
    static void assertRefused(JdbcTarget target, List<TypeHazard> hazards) throws Exception {
        KindsTable kinds =
                new KindsTable(hazards.stream().map(TypeHazard::source).toList());
        List<String> columns = new ArrayList<>(List.of("id bigint PRIMARY KEY"));
        hazards.forEach(hazard -> columns.add("c" + (columns.size() - 1) + " " + hazard.declared()));
        target.prepared("CREATE TABLE kinds (" + String.join(", ", columns) + ")");
        for (int i = 0; i < hazards.size(); i++) {
            TypeHazard hazard = hazards.get(i);
            ChangeStream changes = new ChangeStream();
            changes.insert(kinds.schema(), kinds.row(i, i, hazard.bad())).commit();
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(changes));
            assertThat(failure).as("%s", hazard).isNotNull();
            assertThat(failure.code()).as("%s", hazard).isEqualTo("JDBC-VALUE");
            assertThat(failure).hasMessageContaining("column c" + i + " of public.kinds");
            if (hazard.bad() instanceof String text && text.length() > 4) {
                assertThat(failure.getMessage()).doesNotContain(text);
            }
        }
        kinds.write(target, hazards.stream().map(TypeHazard::good).toList());
        for (int i = 0; i < hazards.size(); i++) {
            TypeHazard hazard = hazards.get(i);
            boolean bytes = hazard.source().valueType() == ValueType.BYTES;
            String column = "c" + i;
            String hex = target.server.text("encode(" + column + ", 'hex')", "hex(" + column + ")");
            String form = bytes ? target.server == TestServer.H2 ? "rawtohex(" + column + ")" : hex : column;
            assertThat(target.query("SELECT " + form + " FROM kinds WHERE id = 1"))
                    .as("%s", hazard)
                    .containsExactly(hazard.shown());
        }
    }
}
