package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.Column;
import dev.tailrace.event.ValueType;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a statement says of the rows that were there before its columns. */
class AddedDefinitionsTest {

    private static ColumnBirth birth(String definition) {
        return AddedDefinitions.of("ALTER TABLE t ADD COLUMN c " + definition + ", ADD INDEX (c)")
                .get("C");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "int | NULL | ~~",
                "int NOT NULL | IMPLICIT | ~~",
                "int DEFAULT NULL COMMENT 'DEFAULT 5' | NULL | ~~",
                "int NOT NULL DEFAULT -5 | LITERAL | -5",
                "decimal(10,2) DEFAULT 1.50 NOT NULL | LITERAL | 1.50",
                "decimal(10,2) DEFAULT +.5 | LITERAL | +.5",
                "varchar(9) DEFAULT 'it''s' COMMENT 'x' | LITERAL | it's",
                "varchar(9) DEFAULT _utf8mb4'x' AFTER b | LITERAL | x",
                "text DEFAULT ('a, b') | LITERAL | a, b",
                "varchar(9) DEFAULT 'a\\\\n' | UNKNOWN | ~came by a statement whose texts depend on the session that ran it~",
                "tinyint(1) DEFAULT TRUE | LITERAL | 1",
                "bit(4) DEFAULT b'101' | BITS | 101",
                "varbinary(4) DEFAULT x'00ff' | HEX | 00ff",
                "varbinary(4) DEFAULT 0x00ff | HEX | 00ff",
                "date DEFAULT DATE'2026-01-02' | LITERAL | 2026-01-02",
                "int DEFAULT (1 + 2) | UNKNOWN | has an expression for its default",
                "varchar(40) DEFAULT (uuid()) | UNKNOWN | has an expression for its default",
                "datetime NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE NOW(3) | UNKNOWN | came with the time of the statement",
                "bigint AUTO_INCREMENT | UNKNOWN | counts its rows",
                "int GENERATED ALWAYS AS (id + 1) STORED | UNKNOWN | is computed for every row",
                "enum('b','a') NOT NULL | IMPLICIT | b",
                "enum('b\\\\n','a') NOT NULL | UNKNOWN | ~came by a statement whose texts depend on the session that ran it~",
                "varchar(9) DEFAULT _latin1'x' | UNKNOWN | came with a text in a character set of its own",
                "enum('b','a') DEFAULT 'A' | LITERAL | a",
                "set('b','a') DEFAULT 'a,b' | UNKNOWN | ~has several members, or a number, for its default~",
            })
    void readsADefinition(String definition, ColumnBirth.Kind kind, String text) {
        assertThat(birth(definition.replace("\\\\", "\\"))).isEqualTo(new ColumnBirth(kind, text));
    }

    @Test
    void readsEveryWayToAddOrRename() {
        assertThat(AddedDefinitions.of("/* x */ ALTER TABLE `a`.`t` ADD (a int DEFAULT 1, `b c` int DEFAULT 2), ADD d"
                        + " int DEFAULT 3 FIRST, ADD UNIQUE KEY k (a), ADD CONSTRAINT x CHECK (a > 0), CHANGE o n int"
                        + " DEFAULT 4, RENAME COLUMN p TO q, DROP COLUMN z, MODIFY m int DEFAULT 5, ALTER COLUMN r SET"
                        + " DEFAULT 6"))
                .isEqualTo(Map.of(
                        "a", new ColumnBirth(ColumnBirth.Kind.LITERAL, "1"),
                        "b c", new ColumnBirth(ColumnBirth.Kind.LITERAL, "2"),
                        "d", new ColumnBirth(ColumnBirth.Kind.LITERAL, "3"),
                        "n", ColumnBirth.of(ColumnBirth.Kind.RENAMED),
                        "q", ColumnBirth.of(ColumnBirth.Kind.RENAMED)));
    }

    private static Optional<Object> value(Column column, String definition) {
        return ImplicitValues.of(column, birth(definition));
    }

    @Test
    void aLiteralIsTheValueOrNothing() {
        Column decimal = new Column("c", "decimal", 10, 2, true, ValueType.DECIMAL, null);
        assertThat(value(decimal, "decimal(10,2) DEFAULT 1.5")).contains(new BigDecimal("1.50"));
        assertThat(value(decimal, "decimal(10,2) DEFAULT 1.555")).isEmpty();
        assertThat(value(decimal, "decimal(10,2) NOT NULL")).contains(new BigDecimal("0.00"));
        Column fixed = new Column("c", "char", 5, -1, true, ValueType.TEXT, null);
        assertThat(value(fixed, "char(5) DEFAULT 'a  '")).contains("a");
        Column stamp = new Column("c", "datetime", 3, -1, true, ValueType.TIMESTAMP, null);
        assertThat(value(stamp, "datetime(3) DEFAULT '1970-01-02 00:00:01.5'")).contains(86_401_500_000L);
        assertThat(value(stamp, "datetime(3) DEFAULT '70-01-02'")).isEmpty();
        Column moment = new Column("c", "timestamp", 0, -1, true, ValueType.TIMESTAMPTZ, null);
        assertThat(value(moment, "timestamp DEFAULT '2026-01-01 00:00:00'"))
                .as("the session's time zone is not known")
                .isEmpty();
        Column bits = new Column("c", "bit", 4, -1, true, ValueType.BITS, null);
        assertThat(value(bits, "bit(4) DEFAULT b'101'")).contains("0101");
        assertThat(value(bits, "bit(4) NOT NULL")).contains("0000");
        Column small = Column.of("c", "tinyint", ValueType.INT16, true);
        assertThat(value(small, "tinyint(1) DEFAULT TRUE")).contains((short) 1);
        assertThat(value(small, "tinyint DEFAULT 'x'")).isEmpty();
        Column json = Column.of("c", "json", ValueType.TEXT, true);
        assertThat(value(json, "json DEFAULT ('{\"a\":1}')")).contains("{\"a\": 1}");
    }
}
