package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogStatementTest {
    private static LogStatement statement(String text) {
        return new LogStatement("uuid", "binlog.000001", 4, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE item ADD x INT",
                "alter table `shop`.`Item` add x int",
                "ALTER TABLE \"item\"\nADD x INT",
                "ALTER TABLE shop . item ADD x INT",
                "ALTER TABLE shop/* c */.item ADD x INT",
                "ALTER TABLE item/* c */ADD x INT",
                "/* c */ ALTER TABLE item ADD x INT",
                "/*!80000 ALTER TABLE item ADD x INT */",
                "ALTER TABLE other RENAME TO item",
                "ALTER TABLE other EXCHANGE PARTITION p WITH TABLE item",
                "ALTER TABLE other /*!80000 RENAME item */",
                "RENAME TABLE item TO former, _item_new TO item",
                "DROP TABLE other, item",
                "CREATE TABLE item (id INT)",
                "CREATE TABLE IF NOT EXISTS item (id INT)",
                "IMPORT TABLE FROM 'item'",
                "FROBNICATE item"
            })
    void mayChangeWhatItNames(String text) {
        assertThat(statement(text).mayChange("item")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE items ADD x INT",
                "ALTER TABLE other ADD FOREIGN KEY (i) REFERENCES item (id)",
                "ALTER TABLE `other` ADD item INT",
                "CREATE TABLE other (item INT)",
                "CREATE TABLE IF NOT EXISTS other LIKE item",
                "CREATE UNIQUE INDEX i ON item (name)",
                "TRUNCATE TABLE item",
                "/* c */ TRUNCATE item",
                "GRANT SELECT ON shop.item TO u",
                "CREATE DEFINER=`root`@`%` TRIGGER t BEFORE INSERT ON item FOR EACH ROW SET NEW.x = 1",
                "CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW v AS SELECT 1 FROM item",
                "CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT JSON_DUALITY_OBJECT('_id': id) FROM item",
                "SAVEPOINT item",
                "BEGIN"
            })
    void changesNoShapeOfIt(String text) {
        assertThat(statement(text).mayChange("item")).isFalse();
    }

    @Test
    void aNameThatCannotBeReadMayBeAnyNameBeyondAscii() {
        assertThat(statement("ALTER TABLE m\uFFFDller ADD x INT").mayChange("müller"))
                .isTrue();
        assertThat(statement("ALTER TABLE m\uFFFDller ADD x INT").mayChange("item"))
                .isFalse();
    }

    @Test
    void dropsATableWithItsDatabase() {
        TableId table = new TableId("shop", "item");
        assertThat(statement("DROP DATABASE `shop`").drops(table)).isTrue();
        assertThat(statement("drop schema if exists shop").drops(table)).isTrue();
        assertThat(statement("DROP DATABASE other").drops(table)).isFalse();
        assertThat(statement("ALTER DATABASE shop CHARACTER SET latin1").drops(table))
                .isFalse();
    }

    @Test
    void tellsTheTableThatIsAltered() {
        assertThat(statement("ALTER TABLE shop.`it``em` ADD x INT").altered()).isEqualTo("shop.`it``em`");
        assertThat(statement("CREATE TABLE item (id INT)").altered()).isNull();
        assertThat(statement("RENAME TABLE a TO b").altered()).isNull();
    }
}
