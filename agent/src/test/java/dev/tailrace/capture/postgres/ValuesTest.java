package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.capture.CaptureRig;
import dev.tailrace.capture.CaptureStatus.State;
import dev.tailrace.event.ChangeEvent;
import dev.tailrace.event.Row;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One wide table of all common types: what the snapshot reads and what the log sends are the same, and nothing is lost. */
class ValuesTest {
    private static final String COLUMNS = """
            id int8 PRIMARY KEY, b bool, i2 int2, i4 int4 DEFAULT 7, i8 int8, o oid, f4 float4, f8 float8,
            n numeric, n2 numeric(10,2) DEFAULT 1.5, m money, t text DEFAULT 'x', vc varchar(20), c char(5), nm name, ch "char",
            by bytea, d date DEFAULT '2000-01-01', tm time, tm3 time(3), ttz timetz, ts timestamp DEFAULT now(), ts3 timestamp(3),
            tz timestamptz DEFAULT 'infinity', iv interval DEFAULT '1 day', bi bit(5), bi1 bit(1), vb varbit, vb3 varbit(30),
            u uuid DEFAULT gen_random_uuid(), j json, jb jsonb, x xml, inet inet, cidr cidr, mac macaddr, mac8 macaddr8,
            e mood, dom positive, pt point, ln line, ls lseg, bx box, pa path, po polygon, ci circle,
            r4 int4range, rn numrange, rts tsrange, rtz tstzrange, rd daterange, mr int4multirange,
            tsv tsvector, tsq tsquery, lsn pg_lsn, h hstore, comp pair,
            ai int4[], at text[], a2 int4[][], an numeric[], ats timestamptz[], ad date[], aby bytea[], au uuid[], ab bool[],
            aiv interval[], abx box[], ae mood[], ah hstore[], aj jsonb[], avb varbit[], anm name[],
            gs int8 GENERATED ALWAYS AS (id * 2) STORED
            """;

    private static final List<String> ROWS =
            List.of("""
            %d, true, -32768, -2147483648, 9223372036854775807, 4294967295, 1.17549435e-38, 'NaN',
            123456789012345678901234567890.1234567890, 12.30, '$1,234.56', 'tä€xt 😀', 'it''s', 'ab', 'name', 'q',
            '\\x00ff10', '0044-03-15 BC', '23:59:59.999999', '01:02:03.004', '12:34:56.789+05:30',
            '0044-03-15 12:00:00.5 BC', '2024-02-29 01:02:03.456', '2024-02-29 01:02:03.456789+13:45',
            '1 year -2 mons 3 days -04:05:06.789', B'00101', B'1', B'0001', B'000010100000',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : 1}', '{"b": [1, 2.50]}', '<a>b</a>', '192.168.0.1/24',
            '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
            'ok', 5, '(1,2.5)', '{1,2,3}', '[(0,0),(1,1)]', '(2,2),(1,1)', '((0,0),(1,1))', '((0,0),(1,1),(1,0))', '<(1,2),3>',
            '[1,5)', '[1.5,)', '[2020-01-01,2020-02-01)', '[2020-01-01 00:00+00,)', '[2020-01-01,2020-02-01)', '{[1,3),[5,8)}',
            'a fat cat', 'fat & cat', '16/B374D848', 'a=>1, "b c"=>NULL, d=>"q\\"x"', ROW(1,'x,"y'),
            '{1,NULL,3}', '{"a,b","c\\"d",NULL,"NULL",""}', '{{1,2},{3,4}}', '{1.50,NaN,NULL}', '{"2024-01-01 00:00:00+00",infinity}',
            '{0044-03-15 BC,infinity}', '{"\\\\x00ff",NULL}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{t,f}',
            '{1 day,NULL}', '{(2,2),(1,1);(4,4),(3,3)}', '{ok,sad}', '{"a=>1"}', '{"{\\"a\\": 1}"}', '{0001,1}', '{n1,n2}'
            """, """
            %d, false, 0, 0, -1, 0, '-Infinity', -0.1,
            'NaN', 'NaN', -0.01, '', '', '', '', '',
            '', 'infinity', '24:00:00', '00:00:00', '00:00:00.000001+00',
            'infinity', '-infinity', '-infinity',
            '00:00:00', B'00000', B'0', B'', B'1',
            '00000000-0000-0000-0000-000000000000', 'null', '"x"', '', '::1',
            '::/0', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
            'sad', 1, '(-0.1,1e+20)', '{1,0,0}', '[(0,0),(1.5,1)]', '(2,2),(1,1)', '[(0,0),(1,1)]', '((0,0))', '<(0,0),0>',
            'empty', '(,)', 'empty', 'empty', '[,2020-02-01)', '{}',
            '', '', '0/0', '', ROW(NULL,NULL),
            '{}', '{}', '{}', '{}', '{}', '{-infinity}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'
            """, "%d, " + String.join(", ", java.util.Collections.nCopies(72, "NULL")));

    @TempDir
    Path directory;

    private SourceServer source;

    @BeforeEach
    void database() throws Exception {
        source = SourceServer.newDatabase();
        source.run(
                "CREATE EXTENSION hstore",
                "CREATE TYPE mood AS ENUM ('ok', 'sad')",
                "CREATE DOMAIN positive AS int4 CHECK (value > 0)",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE TABLE wide (" + COLUMNS + ")");
    }

    private void insert(int first) throws Exception {
        for (int i = 0; i < ROWS.size(); i++) {
            source.run("INSERT INTO wide VALUES (" + String.format(ROWS.get(i), first + i) + ")");
        }
    }

    @Test
    void snapshotAndStreamAgreeOnEveryType() throws Exception {
        insert(1);
        try (CaptureRig rig = CaptureRig.start(source.definition("public.*"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("UPDATE wide SET i4 = i4");
            List<ChangeEvent> stream = rig.awaitChanges(3);
            List<ChangeEvent> snapshot = rig.snapshot();

            assertThat(stream.get(0).schema()).isEqualTo(snapshot.get(0).schema());
            List<String> differences = new ArrayList<>();
            for (int row = 0; row < 3; row++) {
                TableSchema schema = snapshot.get(row).schema();
                for (int i = 0; i < schema.size(); i++) {
                    Object read = snapshot.get(row).after().value(i);
                    Object sent = stream.get(row).after().value(i);
                    if (!same(read, sent)) {
                        differences.add("row " + row + " " + schema.column(i) + ": " + read + " / " + sent);
                    }
                }
            }
            assertThat(differences).isEmpty();
            full(snapshot.get(0).after());
            edges(snapshot.get(1).after());
        }
    }

    private static boolean same(Object one, Object other) {
        if (one instanceof List<?> ones && other instanceof List<?> others) {
            return Arrays.deepEquals(ones.toArray(), others.toArray());
        }
        return Arrays.deepEquals(new Object[] {one}, new Object[] {other});
    }

    private static Object value(Row row, String column) {
        return row.value(row.schema().indexOf(column));
    }

    private static void full(Row row) {
        assertThat(value(row, "n")).isEqualTo(new BigDecimal("123456789012345678901234567890.1234567890"));
        assertThat(value(row, "n2")).isEqualTo(new BigDecimal("12.30"));
        assertThat(value(row, "m")).isEqualTo(new BigDecimal("1234.56"));
        assertThat(value(row, "f8")).isEqualTo(Double.NaN);
        assertThat(value(row, "o")).isEqualTo(4294967295L);
        assertThat(value(row, "t")).isEqualTo("tä€xt 😀");
        assertThat(value(row, "c")).isEqualTo("ab   ");
        assertThat((byte[]) value(row, "by")).containsExactly(0, 0xff, 0x10);
        assertThat(value(row, "d"))
                .isEqualTo((int) java.time.LocalDate.of(-43, 3, 15).toEpochDay());
        assertThat(value(row, "tm")).isEqualTo(86_399_999_999L);
        assertThat(value(row, "ttz")).isEqualTo("12:34:56.789+05:30");
        assertThat(value(row, "tz"))
                .isEqualTo(java.time.OffsetDateTime.parse("2024-02-29T01:02:03+13:45")
                                        .toEpochSecond()
                                * 1_000_000
                        + 456_789);
        assertThat(value(row, "iv")).isEqualTo("10 mons 3 days -04:05:06.789");
        assertThat(value(row, "bi")).isEqualTo("00101");
        assertThat(value(row, "vb")).isEqualTo("0001");
        assertThat(value(row, "j")).isEqualTo("{\"a\" : 1}");
        assertThat(value(row, "e")).isEqualTo("ok");
        assertThat(value(row, "dom")).isEqualTo(5);
        assertThat(value(row, "pt")).isEqualTo("(1,2.5)");
        assertThat(value(row, "h")).isEqualTo("\"a\"=>\"1\", \"d\"=>\"q\\\"x\", \"b c\"=>NULL");
        assertThat(value(row, "ai")).isEqualTo(Arrays.asList(1, null, 3));
        assertThat(value(row, "at")).isEqualTo(Arrays.asList("a,b", "c\"d", null, "NULL", ""));
        assertThat(value(row, "a2")).isEqualTo(List.of(List.of(1, 2), List.of(3, 4)));
        assertThat(value(row, "an")).isEqualTo(Arrays.asList(new BigDecimal("1.50"), Double.NaN, null));
        assertThat(value(row, "abx")).isEqualTo(List.of("(2,2),(1,1)", "(4,4),(3,3)"));
        assertThat(value(row, "gs")).isEqualTo(2L);
        TableSchema schema = row.schema();
        assertThat(schema.column(schema.indexOf("n2")).length()).isEqualTo(10);
        assertThat(schema.column(schema.indexOf("n2")).scale()).isEqualTo(2);
        assertThat(schema.column(schema.indexOf("n")).length()).isEqualTo(-1);
        assertThat(schema.column(schema.indexOf("vc")).length()).isEqualTo(20);
        assertThat(schema.column(schema.indexOf("dom")).sourceType()).isEqualTo("int4");
        assertThat(schema.column(schema.indexOf("at")).sourceType()).isEqualTo("_text");
        assertThat(schema.column(schema.indexOf("at")).elementType()).isEqualTo(ValueType.TEXT);
        assertThat(schema.key()).containsExactly(0);
    }

    private static void edges(Row row) {
        assertThat(value(row, "n")).isEqualTo(Double.NaN);
        assertThat(value(row, "f4")).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(value(row, "d")).isEqualTo(ValueType.DATE_INFINITY);
        assertThat(value(row, "tm")).isEqualTo(86_400_000_000L);
        assertThat(value(row, "ts")).isEqualTo(ValueType.TIMESTAMP_INFINITY);
        assertThat(value(row, "tz")).isEqualTo(-ValueType.TIMESTAMP_INFINITY);
        assertThat(value(row, "vb")).isEqualTo("");
        assertThat(value(row, "iv")).isEqualTo("00:00:00");
        assertThat(value(row, "ad")).isEqualTo(List.of(-ValueType.DATE_INFINITY));
    }

    /** 64 bits of microseconds since 1970 end before the server's timestamps do. */
    @Test
    void aTimestampBeyondTheLastStopsTheCapture() throws Exception {
        source.run("CREATE TABLE late (id int PRIMARY KEY, t timestamp, a timestamptz[])");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.late"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run("INSERT INTO late VALUES (1, '294247-01-09 23:59:59.999999', '{294247-01-09 23:59:59+00}')");
            assertThat(value(rig.awaitChanges(1).get(0).after(), "t")).isEqualTo(9_223_372_022_399_999_999L);
            source.run("INSERT INTO late VALUES (2, '294247-01-11', NULL)");
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError()).satisfies(error -> {
                assertThat(error.code()).isEqualTo("SOURCE-VALUE");
                assertThat(error.subject()).isEqualTo("public.late");
                assertThat(error.message())
                        .contains("column t holds a value of type timestamp")
                        .doesNotContain("294247-01-11");
            });
            assertThat(rig.changes()).hasSize(1);
        }
    }

    @Test
    void aTimestampBeyondTheLastInAnArrayStopsTheCapture() throws Exception {
        source.run("CREATE TABLE late (id int PRIMARY KEY, a timestamptz[])");
        source.run("INSERT INTO late VALUES (1, '{294247-01-11 00:00:00+00}')");
        try (CaptureRig rig = CaptureRig.start(source.definition("public.late"), directory)) {
            rig.awaitState(State.HALTED);
            assertThat(rig.status().lastError().code()).isEqualTo("SOURCE-VALUE");
            assertThat(rig.snapshot()).isEmpty();
        }
    }

    /** Every type that the server may store out of line: an update that leaves the value alone leaves it absent. */
    @Test
    void knowsAnUnchangedToastValueOfEveryType() throws Exception {
        source.run("CREATE TABLE big (id int PRIMARY KEY, k int, t text, by bytea, n numeric, j json, jb jsonb, x xml,"
                + " vb varbit, h hstore, at text[], ai int4[], ai8 int8[], ad date[], au uuid[], aby bytea[],"
                + " atz timestamptz[], an numeric[], tsv tsvector, po polygon, vc varchar)");
        for (String column : List.of(
                "t", "by", "n", "j", "jb", "x", "vb", "h", "at", "ai", "ai8", "ad", "au", "aby", "atz", "an", "tsv",
                "po", "vc")) {
            source.run("ALTER TABLE big ALTER " + column + " SET STORAGE EXTERNAL");
        }
        try (CaptureRig rig = CaptureRig.start(source.definition("public.big"), directory)) {
            rig.awaitState(State.STREAMING);
            source.run(
                    "INSERT INTO big SELECT 1, 1, repeat('t', 9000), decode(repeat('ab', 9000), 'hex'),"
                            + " repeat('123456789', 1500)::numeric, to_json(repeat('j', 9000)), to_jsonb(repeat('j', 9000)),"
                            + " xmlelement(name a, repeat('x', 9000)), repeat('10', 40000)::varbit,"
                            + " hstore('k', repeat('v', 9000)), array_fill('element'::text, ARRAY[2000]),"
                            + " array_fill(1, ARRAY[5000]), array_fill(1::int8, ARRAY[5000]),"
                            + " array_fill('2020-01-01'::date, ARRAY[5000]),"
                            + " array_fill('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, ARRAY[1000]),"
                            + " array_fill('\\x00ff'::bytea, ARRAY[2000]), array_fill(now(), ARRAY[2000]),"
                            + " array_fill(1.5, ARRAY[2000]),"
                            + " (SELECT string_agg('word' || i, ' ') FROM generate_series(1, 1500) i)::tsvector,"
                            + " (SELECT '(' || string_agg('(1,2)', ',') || ')' FROM generate_series(1, 1000))::polygon,"
                            + " repeat('v', 9000)",
                    "UPDATE big SET k = 2");
            List<ChangeEvent> changes = rig.awaitChanges(2);

            Row inserted = changes.get(0).after();
            Row updated = changes.get(1).after();
            List<String> present = new ArrayList<>();
            for (int i = 2; i < updated.schema().size(); i++) {
                assertThat(inserted.isAbsent(i)).isFalse();
                if (!updated.isAbsent(i)) {
                    present.add(updated.schema().column(i).name());
                }
            }
            assertThat(present).isEmpty();
        }
    }
}
