package dev.tailrace.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of {@link MirrorTest}: their constraints, what the source has besides, and how their shapes change. */
final class MirrorTables {
    static final List<String> ON_POSTGRES = List.of(
            "CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(40) NOT NULL, name varchar(40),"
                    + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) STORED, favourite bigint,"
                    + " CONSTRAINT one_email UNIQUE (email) DEFERRABLE)",
            "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL"
                    + " REFERENCES customers ON DELETE CASCADE DEFERRABLE, total numeric(12,2) NOT NULL DEFAULT 0"
                    + " CHECK (total >= 0), note text)",
            // Customers and orders refer to each other.
            "ALTER TABLE customers ADD FOREIGN KEY (favourite) REFERENCES orders ON DELETE SET NULL"
                    + " DEFERRABLE INITIALLY DEFERRED",
            "CREATE TABLE order_lines (order_id bigint REFERENCES orders ON DELETE CASCADE, line int,"
                    + " sku varchar(20) NOT NULL, quantity int NOT NULL, price numeric(12,2) NOT NULL,"
                    + " amount numeric(14,2) GENERATED ALWAYS AS (quantity * price) STORED,"
                    + " PRIMARY KEY (order_id, line), UNIQUE (order_id, sku))",
            "CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint REFERENCES nodes, place int NOT NULL,"
                    + " UNIQUE (parent, place) DEFERRABLE)",
            "CREATE TABLE seats (id bigint PRIMARY KEY, label varchar(20) NOT NULL UNIQUE)",
            "CREATE TABLE audit (id bigint PRIMARY KEY, what varchar(80) NOT NULL)");

    /** A target's own triggers would do the source's work a second time. */
    static final List<String> AT_THE_SOURCE = List.of(
            "CREATE SEQUENCE ids START 1000",
            "CREATE FUNCTION add_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET total = (SELECT"
                    + " coalesce(sum(amount), 0) FROM order_lines WHERE order_id = orders.id) WHERE id ="
                    + " coalesce(NEW.order_id, OLD.order_id); RETURN NULL; END $$",
            "CREATE TRIGGER add_up AFTER INSERT OR UPDATE OR DELETE ON order_lines FOR EACH ROW EXECUTE FUNCTION"
                    + " add_up()",
            note("OLD.label", "NEW.label"),
            "CREATE TRIGGER note BEFORE UPDATE ON seats FOR EACH ROW EXECUTE FUNCTION note()");

    static final List<String> ON_MYSQL = List.of(
            "CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, name varchar(40),"
                    + " folded varchar(40) GENERATED ALWAYS AS (lower(name)) STORED, favourite bigint)"
                    + " COLLATE utf8mb4_0900_bin",
            "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL, total decimal(12,2) NOT NULL"
                    + " CHECK (total >= 0), note text,"
                    + " FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE CASCADE) COLLATE utf8mb4_0900_bin",
            "ALTER TABLE customers ADD FOREIGN KEY (favourite) REFERENCES orders (id) ON DELETE SET NULL",
            "CREATE TABLE order_lines (order_id bigint, line int, sku varchar(20) NOT NULL, quantity int NOT NULL,"
                    + " price decimal(12,2) NOT NULL, amount decimal(14,2) GENERATED ALWAYS AS (quantity * price) STORED,"
                    + " PRIMARY KEY (order_id, line), UNIQUE (order_id, sku), FOREIGN KEY (order_id) REFERENCES orders"
                    + " (id) ON DELETE CASCADE) COLLATE utf8mb4_0900_bin",
            "CREATE TABLE nodes (id bigint PRIMARY KEY, parent bigint, place int NOT NULL, UNIQUE (parent, place),"
                    + " FOREIGN KEY (parent) REFERENCES nodes (id))",
            "CREATE TABLE seats (id bigint PRIMARY KEY, label varchar(20) NOT NULL UNIQUE) COLLATE utf8mb4_0900_bin",
            "CREATE TABLE audit (id bigint PRIMARY KEY, what varchar(80) NOT NULL) COLLATE utf8mb4_0900_bin");

    static final List<String> FIRST_ROWS = List.of(
            "INSERT INTO customers (id, email, name) SELECT n, 'mail ' || n, 'Name ' || n FROM generate_series(1, 40)"
                    + " n",
            "INSERT INTO orders (id, customer) SELECT n, n FROM generate_series(1, 40) n",
            "INSERT INTO order_lines (order_id, line, sku, quantity, price)"
                    + " SELECT n, l, 'sku ' || l, l, 1.25 FROM generate_series(1, 40) n, generate_series(1, 3) l",
            "UPDATE customers SET favourite = id WHERE id <= 20",
            "INSERT INTO nodes SELECT n, nullif(n / 3, 0), n FROM generate_series(1, 60) n",
            "INSERT INTO seats SELECT n, 'seat ' || n FROM generate_series(1, 30) n");

    /** A change of a table's shape that targets follow by themselves. */
    static final List<String> ADD = List.of("ALTER TABLE customers ADD COLUMN remark varchar(20)");

    static final List<String> WIDEN = List.of("ALTER TABLE nodes ALTER COLUMN place TYPE bigint");

    static final List<String> DROP = List.of("ALTER TABLE orders DROP COLUMN note");

    /** Of a table that has rows. */
    static final List<String> ADD_WITH_DEFAULT = List.of("ALTER TABLE audit ADD COLUMN level int DEFAULT 3");

    /** Waits for an approval. Nobody refers to the table, and it to none. */
    static final List<String> RENAME =
            List.of("ALTER TABLE seats RENAME COLUMN label TO title", note("OLD.title", "NEW.title"));

    static final String RENAMED = "seats";

    /** The tables by name, with what orders their rows. */
    static final Map<String, String> ORDERS = new LinkedHashMap<>();

    static {
        ORDERS.put("customers", "id");
        ORDERS.put("orders", "id");
        ORDERS.put("order_lines", "order_id, line");
        ORDERS.put("nodes", "id");
        ORDERS.put(RENAMED, "id");
        ORDERS.put("audit", "id");
    }

    private MirrorTables() {}

    private static String note(String before, String after) {
        return "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO audit VALUES (nextval('ids'), TG_OP || ' ' || " + before + " || ' ' || " + after + "); "
                + after + " := trim(" + after + "); RETURN NEW; END $$";
    }
}
