-- The shop of the demonstration: every table has a primary key, and between them the types that go wrong elsewhere.
CREATE TABLE customers (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email varchar(200) NOT NULL,
    name varchar(120) NOT NULL,
    tags set('new', 'again', 'loyal', 'Ärger') NOT NULL DEFAULT '',
    profile json,
    credit decimal(12, 2) NOT NULL DEFAULT 0,
    born date,
    photo longblob,
    last_address varbinary(16),
    created_at timestamp(6) NOT NULL DEFAULT current_timestamp(6),
    seen_at datetime(6)
);

CREATE TABLE products (
    sku varchar(100) COLLATE utf8mb4_0900_bin PRIMARY KEY,
    title varchar(250) NOT NULL,
    price decimal(10, 2) NOT NULL,
    rating double,
    weight float,
    dimensions json,
    seen bigint unsigned NOT NULL DEFAULT 18446744073709551615,
    flags bit(12) NOT NULL DEFAULT b'1',
    vintage year,
    shipping time(3),
    valid_to datetime(6) DEFAULT '9999-12-31 23:59:59.999999',
    active boolean NOT NULL DEFAULT true,
    maker varchar(40) CHARACTER SET latin1,
    description longtext,
    `manual` longblob
);

CREATE TABLE orders (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id int unsigned NOT NULL,
    status enum('new', 'paid', 'packed', 'shipped', 'returned') NOT NULL DEFAULT 'new',
    total decimal(20, 6) NOT NULL DEFAULT 0,
    reference binary(16) NOT NULL DEFAULT (uuid_to_bin(uuid())),
    placed_at timestamp(6) NOT NULL DEFAULT current_timestamp(6),
    note text
);

CREATE TABLE order_items (
    order_id bigint NOT NULL,
    line mediumint NOT NULL,
    sku varchar(100) NOT NULL,
    quantity smallint NOT NULL,
    price decimal(10, 2) NOT NULL,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE payments (
    id char(36) NOT NULL DEFAULT (uuid()) PRIMARY KEY,
    order_id bigint NOT NULL,
    amount decimal(12, 2) NOT NULL,
    paid_at timestamp NOT NULL DEFAULT current_timestamp,
    raw json,
    KEY (order_id)
);

CREATE TABLE stock_movements (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    sku varchar(400) NOT NULL,
    quantity int NOT NULL,
    shelf char(4),
    moved_at time NOT NULL DEFAULT (current_time)
);

CREATE TABLE `Gift Cards (für "Alle")` (
    `Code No.` varchar(100) COLLATE utf8mb4_0900_bin NOT NULL PRIMARY KEY,
    `Größe` decimal(8, 2) NOT NULL,
    `select` tinyint NOT NULL DEFAULT 0,
    `from` text
);
