package dev.tailrace.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A small shop's database: seven tables with the types and names that go wrong elsewhere. */
public final class Shop {
    /** The table whose name and columns need quoting everywhere. */
    static final String GIFT_CARDS = "\"Gift Cards (für \"\"Alle\"\")\"";

    private Shop() {}

    /** Creates the empty tables in the connection's database. */
    public static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema());
        }
    }

    /** Puts in what the shop has before its first customer comes; one transaction. */
    public static void stock(Connection connection, int customers, int products) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO customers (email, name, tags, profile, credit, born, photo, last_address, seen_at)"
                            + " SELECT 'c' || n || '@example.org', 'Customer ' || n || E' \\u00e9\\u4e16 ''\"\\\\', ARRAY['t' || n % 5, NULL, 'a,\"b\"'],"
                            + " jsonb_build_object('n', n, 'nothing', NULL, 'deep', jsonb_build_array(1.50, 'x')), n * 1.25,"
                            + " date '1970-01-01' + n, decode(md5(n::text), 'hex'), ('10.0.0.' || n % 250)::inet,"
                            + " timestamp '2024-02-29 23:59:59.999999' + n * interval '1 hour'"
                            + " FROM generate_series(1, " + customers + ") n");
            statement.execute(
                    "INSERT INTO products (sku, title, price, rating, weight, dimensions, warranty, description, manual)"
                            + " SELECT 'sku-' || n, 'Product ' || n, n * 0.99, CASE WHEN n % 7 = 0 THEN 'NaN' ELSE n / 3.0 END, n * 0.1,"
                            + " ARRAY[n, NULL, -n], n * interval '1 day 3.5 seconds',"
                            + " (SELECT string_agg(md5((n * 1000 + i)::text), '') FROM generate_series(1, 300) i),"
                            + " decode((SELECT string_agg(md5((n * 7000 + i)::text), '') FROM generate_series(1, 200) i), 'hex')"
                            + " FROM generate_series(1, " + products + ") n");
            statement.execute("INSERT INTO " + GIFT_CARDS + " SELECT 'card ' || n, n, n % 2 = 0, NULL"
                    + " FROM generate_series(1, " + customers + ") n");
            connection.commit();
            connection.setAutoCommit(autoCommit);
        }
    }

    private static String schema() {
        try (InputStream in = Shop.class.getResourceAsStream("shop.sql")) {
            if (in == null) {
                throw new IllegalStateException("shop.sql is missing from the distribution");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("shop.sql cannot be read", e);
        }
    }
}
