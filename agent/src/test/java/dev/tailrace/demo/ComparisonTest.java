package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison finds every kind of difference: a judge that cannot condemn is none. */
@ExtendWith(ServerExtension.class)
class ComparisonTest {
    private EmbeddedServer server;
    private Connection source;
    private Connection target;

    @BeforeEach
    void twoEqualShops(EmbeddedServer embedded) throws Exception {
        server = embedded;
        PostgresShop.open(server, "comparison_source").stock(30, 8);
        server.createDatabase("comparison_target TEMPLATE comparison_source");
        source = server.dataSource("comparison_source").getConnection();
        target = server.dataSource("comparison_target").getConnection();
    }

    @AfterEach
    void drop() throws Exception {
        source.close();
        target.close();
        server.dropDatabase("comparison_source");
        server.dropDatabase("comparison_target");
    }

    private Comparison.Result compare() throws SQLException {
        return new Comparison(new PostgresTables(source, "public"), new PostgresTables(target, "public")).compare();
    }

    @Test
    void equalShopsAreVerified() throws SQLException {
        Comparison.Result result = compare();
        assertThat(result.summary()).isEqualTo("verified: 68 rows in 7 tables, 0 differences");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            DELETE FROM customers WHERE id = 7                                  | "customers" missing in the target: (7)
            INSERT INTO order_items VALUES (1, 2, 'x', 1, 1)                    | "order_items" only in the target: (1, 2)
            UPDATE customers SET profile = NULL WHERE id = 30                   | "customers" differs: (30)
            UPDATE customers SET seen_at = seen_at + interval '1 us' WHERE id=1 | "customers" differs: (1)
            UPDATE customers SET photo = set_byte(photo, 0, 1) WHERE id = 2       | "customers" differs: (2)
            UPDATE customers SET tags = '{}' WHERE id = 3                       | "customers" differs: (3)
            UPDATE products SET manual = NULL WHERE sku = 'sku-8'               | "products" differs: (sku-8)
            UPDATE products SET rating = 0 WHERE sku = 'sku-7'                  | "products" differs: (sku-7)
            DROP TABLE products                                                 | "products": the table is missing in the target
            """)
    void everyDifferenceIsFound(String sabotage, String expected) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sabotage);
        }
        Comparison.Result result = compare();
        assertThat(result.listed()).containsExactly(expected);
        assertThat(result.differences()).isEqualTo(1);
    }

    @Test
    void aChangedKeyIsTwoDifferences() throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("UPDATE " + Shop.GIFT_CARDS + " SET \"Code No.\" = 'é' WHERE \"Code No.\" = 'card 9'");
        }
        Comparison.Result result = compare();
        assertThat(result.listed())
                .containsExactly(
                        Shop.GIFT_CARDS + " missing in the target: (card 9)",
                        Shop.GIFT_CARDS + " only in the target: (é)");
    }
}
