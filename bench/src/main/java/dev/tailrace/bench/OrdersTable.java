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

    private OrdersTable() {}
}
