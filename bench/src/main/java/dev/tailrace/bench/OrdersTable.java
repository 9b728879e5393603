package dev.tailrace.bench;

/** The table of all measurements: eight columns, about 150 bytes a row. */
final class OrdersTable {
    private static final String COLUMNS = "id bigint, customer_id integer, status text, amount numeric(12,2), currency"
            + " text, placed_at timestamp with time zone, paid boolean, note text";

    /** The table and the function that makes its rows, for PostgreSQL. */
    static final String CREATE = "CREATE TABLE orders (" + COLUMNS + ", PRIMARY KEY (id));"
            + " CREATE FUNCTION order_rows(first bigint, last bigint) RETURNS TABLE (" + COLUMNS + ") LANGUAGE sql"
            + " STABLE AS $$ SELECT n, (n * 7919 % 100003)::integer, CASE n % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'paid'"
            + " ELSE 'shipped' END, (n % 1000000)::numeric / 100, 'EUR', timestamptz '2026-01-01 00:00:00+00' + n *"
            + " interval '1 second 1 microsecond', n % 2 = 0, 'order ' || md5(n::text) || ' ' || md5((n + 1)::text)"
            + " FROM generate_series(first, last) AS n $$";

    /** The same table for MySQL. */
    static final String CREATE_MYSQL = "CREATE TABLE orders (id BIGINT, customer_id INT, status VARCHAR(20), amount"
            + " DECIMAL(12,2), currency VARCHAR(3), placed_at TIMESTAMP(6) NULL, paid BOOLEAN, note VARCHAR(200),"
            + " PRIMARY KEY (id))";

    /** The procedure that writes the same rows, each transaction with one statement. */
    static final String FILL_MYSQL = """
            CREATE PROCEDURE fill(total BIGINT, per BIGINT)
            BEGIN
              DECLARE done BIGINT DEFAULT 0;
              SET SESSION cte_max_recursion_depth = 4294967295, time_zone = '+00:00';
              WHILE done < total DO
                INSERT INTO orders
                  WITH RECURSIVE numbers (n) AS
                    (SELECT done + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < least(done + per, total))
                  SELECT n, n * 7919 % 100003, CASE n % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' ELSE 'shipped' END,
                    n % 1000000 / 100, 'EUR', timestamp '2026-01-01 00:00:00' + INTERVAL n * 1000001 MICROSECOND,
                    n % 2 = 0,
                    concat('order ', left(sha2(n, 256), 32), ' ', left(sha2(n + 1, 256), 32))
                  FROM numbers;
                SET done = done + per;
              END WHILE;
            END
            """;

    private OrdersTable() {}
}
