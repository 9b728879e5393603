package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailrace.event.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangedTablesTest {
    private static ChangedTables of(String sql) {
        return ChangedTables.of(sql, "shop", false, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO item VALUES (1)",
                "insert item set id = 1",
                "INSERT/*+ SET_VAR(x=1) */LOW_PRIORITY IGNORE INTO `item` SELECT * FROM other",
                "INSERT INTO\titem(id) VALUES (1)",
                "-- why\n# and\n/* x */ INSERT INTO shop . item VALUES (1) ON DUPLICATE KEY UPDATE id = 2",
                "/*!40001 INSERT */ INTO `shop`.`item` VALUES (1)",
                "INSERT INTO item WITH c AS (SELECT 1) SELECT * FROM c",
                "REPLACE DELAYED item VALUES (1)",
                "UPDATE item SET id = (SELECT MAX(id) FROM other), name = 'a, b'",
                "UPDATE LOW_PRIORITY IGNORE item PARTITION (p0, p1) AS i SET i.id = 1 WHERE 1",
                "WITH c AS (SELECT 1 AS id), d (a) AS (SELECT 2) UPDATE item SET id = 1 WHERE id IN (SELECT id FROM c)",
                "DELETE FROM item",
                "DELETE QUICK FROM shop.item AS i WHERE id IN (SELECT id FROM other JOIN x USING (id))",
                "WITH RECURSIVE c AS (SELECT 1 AS id) DELETE FROM item ORDER BY id LIMIT 1",
                "LOAD DATA LOW_PRIORITY LOCAL INFILE '/tmp/into table x' IGNORE INTO TABLE `item` FIELDS TERMINATED BY ','",
                "LOAD XML INFILE 'a' INTO TABLE shop.item",
                "CREATE TABLE item (PRIMARY KEY (id)) AS SELECT id FROM other",
                "CREATE TABLE IF NOT EXISTS `shop`.item (SELECT 1 AS id)",
                "CREATE TABLE item TABLE other",
                "CREATE TABLE item (id INT) VALUES ROW(1)"
            })
    void tellsTheOneTableThatIsChanged(String sql) {
        ChangedTables changed = of(sql);
        assertThat(changed.kind()).isEqualTo(ChangedTables.Kind.ONE);
        assertThat(changed.target()).contains(new TableId("shop", "item"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE other JOIN shop.item ON other.id = item.id SET other.id = 1",
                "UPDATE other, item SET name = 1",
                "UPDATE (other JOIN item USING (id)) SET name = 1",
                "DELETE other FROM other JOIN item USING (id)",
                "DELETE a, b FROM x.other a JOIN `shop`.`item` b",
                "DELETE FROM a USING other a STRAIGHT_JOIN item",
                "DELETE FROM other.* , x USING other JOIN item",
                "INSERT INTO a.b.c SELECT * FROM item"
            })
    void namesAllThatMayBeChangedWhenItIsNotCertain(String sql) {
        ChangedTables changed = of(sql);
        assertThat(changed.kind()).isEqualTo(ChangedTables.Kind.SOME);
        assertThat(changed.named()).contains(new TableId("shop", "item"));
    }

    @Test
    void namesNothingThatStandsInTextsCommentsOrAnotherDatabase() {
        assertThat(of("UPDATE a JOIN x.item ON a.n = 'item' /* item */ SET a.n = \"it\\\"em \" -- item")
                        .named())
                .doesNotContain(new TableId("shop", "item"))
                .contains(new TableId("x", "item"), new TableId("shop", "a"));
    }

    @Test
    void readsQuotesAsTheSessionDoes() {
        String sql = "DELETE FROM \"it\"\"em\" WHERE a = '\\'";
        assertThat(ChangedTables.of(sql, "shop", true, false).target()).contains(new TableId("shop", "it\"em"));
        assertThat(ChangedTables.of("INSERT INTO `a``b` VALUES (1)", "shop", true, false)
                        .target())
                .contains(new TableId("shop", "a`b"));
        // a backslash that escapes nothing does not hide what is behind the text
        assertThat(ChangedTables.of("UPDATE a, b SET a.x = '\\', b.item = ''", "shop", true, false)
                        .named())
                .contains(new TableId("b", "item"));
    }

    @Test
    void knowsThatAFunctionWasCalled() {
        assertThat(of("SELECT `shop`.`f`(1)").kind()).isEqualTo(ChangedTables.Kind.UNTOLD);
        assertThat(of("/* x */ DO f()").kind()).isEqualTo(ChangedTables.Kind.UNTOLD);
    }

    @Test
    void knowsATemporaryTable() {
        assertThat(of("DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `item`").kind())
                .isEqualTo(ChangedTables.Kind.TEMPORARY);
        assertThat(of("DROP TABLE IF EXISTS `item`").kind()).isEqualTo(ChangedTables.Kind.NONE);
        assertThat(of("CREATE /* x */ TEMPORARY TABLE item (PRIMARY KEY (id)) SELECT 1 AS id")
                        .kind())
                .isEqualTo(ChangedTables.Kind.TEMPORARY);
    }

    @Test
    void passesOverAllOtherStatements() {
        for (String sql : List.of(
                "BEGIN",
                "COMMIT",
                "",
                "XA START 'x'",
                "TRUNCATE TABLE item",
                "ALTER TABLE item ADD COLUMN b INT",
                "CREATE TABLE `item` (id INT, `select` INT DEFAULT (1)) START TRANSACTION",
                "CREATE TABLE item (id INT) PARTITION BY LIST (id) (PARTITION p VALUES IN (1) COMMENT 'select')",
                "CREATE VIEW v AS SELECT * FROM item",
                "CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW SET NEW.a = (SELECT 1)",
                "CREATE DEFINER=`root`@`%` PROCEDURE p() INSERT INTO item VALUES (1)",
                "DROP TABLE `item` /* generated by server */",
                "LOAD INDEX INTO CACHE item",
                "SAVEPOINT `a`",
                "GRANT UPDATE ON item TO x",
                "ANALYZE TABLE item")) {
            assertThat(of(sql).kind()).as(sql).isEqualTo(ChangedTables.Kind.NONE);
        }
    }
}
