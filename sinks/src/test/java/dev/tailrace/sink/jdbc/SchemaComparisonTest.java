package dev.tailrace.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every class of changes, told from the columns alone. */
class SchemaComparisonTest {
    private static final Column ID = column("id", "int8", -1, -1, false, ValueType.INT64);
    private static final Column NAME = column("name", "text", -1, -1, true, ValueType.TEXT);
    private static final Column AGE = column("age", "int4", -1, -1, true, ValueType.INT32);

    private static Column column(String name, String type, int length, int scale, boolean nullable, ValueType value) {
        return new Column(name, type, length, scale, nullable, value, null);
    }

    private static TableSchema shape(List<Integer> key, Column... columns) {
        return new TableSchema(1, new TableId("public", "t"), 1, List.of(columns), key);
    }

    private static List<String> changes(TableSchema from, TableSchema to) {
        return SchemaComparison.between(from, to, true).stream()
                .map(c -> c.kind() + " " + c.action() + " " + c.column()
                        + c.previous().map(p -> " from " + p).orElse(""))
                .toList();
    }

    @Test
    void nothingChanged() {
        assertThat(changes(shape(List.of(0), ID, NAME), shape(List.of(1), NAME, ID)))
                .as("the order of columns says nothing")
                .isEmpty();
    }

    @Test
    void addedAndDropped() {
        TableSchema before = shape(List.of(0), ID, NAME);
        Column required = column("age", "int4", -1, -1, false, ValueType.INT32);
        assertThat(changes(before, shape(List.of(0), ID, NAME, AGE))).containsExactly("ADD ADD age");
        assertThat(changes(before, shape(List.of(0), ID, NAME, required))).containsExactly("ADD_REQUIRED ADD age");
        assertThat(changes(before, shape(List.of(0), ID))).containsExactly("DROP DROP name");
    }

    @Test
    void aColumnThatVanishedWhileAnotherCameIsNeverGuessed() {
        TableSchema before = shape(List.of(0), ID, NAME, AGE);
        Column title = column("title", "text", -1, -1, true, ValueType.TEXT);
        assertThat(changes(before, shape(List.of(0), ID, title, AGE))).containsExactly("RENAME RENAME title from name");
        assertThat(changes(before, shape(List.of(0), ID, AGE, title)))
                .as("the last place, where an added column would be")
                .containsExactly("RENAME RENAME title from name");
        Column stamp = column("stamp", "timestamptz", -1, -1, true, ValueType.TIMESTAMPTZ);
        assertThat(changes(before, shape(List.of(0), ID, AGE, stamp)))
                .as("renamed and retyped, or dropped and added")
                .containsExactly("RENAME ADD stamp", "RENAME DROP name");
        assertThat(changes(before, shape(List.of(0), ID, title, AGE, stamp)))
                .as("a rename and a column more")
                .containsExactly("RENAME RENAME title from name", "ADD ADD stamp");
    }

    @Test
    void nullability() {
        Column required = column("name", "text", -1, -1, false, ValueType.TEXT);
        TableSchema loose = shape(List.of(0), ID, NAME);
        TableSchema strict = shape(List.of(0), ID, required);
        assertThat(changes(loose, strict)).containsExactly("TIGHTEN TIGHTEN name");
        assertThat(changes(strict, loose)).containsExactly("RELAX RELAX name");
    }

    @Test
    void keyAndTableMadeAnew() {
        Column region = column("region", "text", -1, -1, false, ValueType.TEXT);
        TableSchema before = shape(List.of(0), ID, region);
        assertThat(changes(before, shape(List.of(0, 1), ID, region))).containsExactly("KEY KEY id, region");
        assertThat(changes(before, shape(List.of(), ID, region))).containsExactly("KEY KEY ");
        assertThat(changes(shape(List.of(0, 1), ID, region), shape(List.of(1, 0), ID, region)))
                .as("the same rows")
                .isEmpty();
        Column ident = column("ident", "int8", -1, -1, false, ValueType.INT64);
        assertThat(changes(before, shape(List.of(0), ident, region)))
                .as("the key's column is renamed, not the key changed")
                .containsExactly("RENAME RENAME ident from id");
        assertThat(changes(before, shape(List.of(0), AGE, NAME)))
                .startsWith("RECREATE ADD age", "RECREATE ADD name", "RECREATE DROP id");
    }

    /** MySQL's names are told by a column that only MySQL has. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        int2|int4|WIDEN
        int4|int8|WIDEN
        int4|serial|WIDEN
        int8|int4|NARROW
        int4|numeric(10,0)|WIDEN
        int4|numeric(9,0)|NARROW
        int8|numeric|WIDEN
        int4|float8|WIDEN
        int4|float4|NARROW
        int8|float8|NARROW
        int4|text|NARROW
        float4|float8|WIDEN
        float8|float4|NARROW
        numeric(10,2)|numeric(12,2)|WIDEN
        numeric(10,2)|numeric(12,4)|WIDEN
        numeric(10,2)|numeric(12,5)|NARROW
        numeric(10,2)|numeric|WIDEN
        numeric|numeric(10,2)|NARROW
        varchar(10)|varchar(11)|WIDEN
        varchar(10)|varchar(9)|NARROW
        varchar(10)|text|WIDEN
        varchar(10)|varchar|WIDEN
        text|varchar(10)|NARROW
        text|varchar|WIDEN
        bpchar(3)|bpchar(4)|WIDEN
        bpchar(3)|text|NARROW
        timestamp(3)|timestamp(6)|WIDEN
        timestamp(6)|timestamp(3)|NARROW
        timestamp|timestamptz|NARROW
        date|timestamp|NARROW
        json|jsonb|NARROW
        text|uuid|NARROW
        mood|feeling|NARROW
        my int|bigint|WIDEN
        my int unsigned|bigint|WIDEN
        my int unsigned|int|NARROW
        my int|int unsigned|NARROW
        my tinyint|mediumint|WIDEN
        my bigint unsigned|decimal(20,0)|WIDEN
        my decimal(10,2)|decimal(10,3)|NARROW
        my varchar(20)|text|WIDEN
        my varchar(16384)|text|NARROW
        my text|longtext|WIDEN
        my longtext|text|NARROW
        my char(5)|varchar(5)|WIDEN
        my varbinary(5)|blob|WIDEN
        my binary(5)|binary(6)|NARROW
        my enum|varchar(20)|NARROW
        my datetime(3)|datetime(6)|WIDEN
        """)
    void widerOrNot(String from, String to, ChangeClass expected) {
        boolean mySql = from.startsWith("my ");
        TableSchema before = typed(mySql ? from.substring(3) : from, mySql);
        TableSchema after = typed(to, mySql);
        assertThat(SchemaComparison.between(before, after, true))
                .singleElement()
                .satisfies(change -> assertThat(change.kind()).isEqualTo(expected));
    }

    private static TableSchema typed(String type, boolean mySql) {
        int open = type.indexOf('(');
        int length = -1;
        int scale = -1;
        if (open > 0) {
            String[] sizes = type.substring(open + 1, type.length() - 1).split(",");
            length = Integer.parseInt(sizes[0]);
            scale = sizes.length > 1 ? Integer.parseInt(sizes[1]) : -1;
        }
        Column column = column("c", open > 0 ? type.substring(0, open) : type, length, scale, true, ValueType.TEXT);
        return mySql
                ? shape(List.of(0), column("id", "int", -1, -1, false, ValueType.INT32), column)
                : shape(List.of(0), ID, column);
    }
}
