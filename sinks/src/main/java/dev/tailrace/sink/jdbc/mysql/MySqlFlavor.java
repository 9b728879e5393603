package dev.tailrace.sink.jdbc.mysql;

import java.sql.Connection;
import java.sql.SQLException;

/** The two servers that speak MySQL's protocol, and where their SQL differs. */
enum MySqlFlavor {
    MYSQL("utf8mb4_0900_bin"),
    MARIADB("utf8mb4_nopad_bin");

    private final String collation;

    MySqlFlavor(String collation) {
        this.collation = collation;
    }

    /** Told by the server itself: either kind answers to either URL. */
    static MySqlFlavor of(Connection connection) throws SQLException {
        String version = connection.getMetaData().getDatabaseProductVersion();
        return version.contains("MariaDB") ? MARIADB : MYSQL;
    }

    /** Of utf8mb4, telling all texts apart: by case, accent and trailing space. */
    String exactCollation() {
        return collation;
    }

    /** What names the inserted row behind VALUES, with a space in front. */
    String rowAlias() {
        return this == MYSQL ? " AS tailrace_new" : "";
    }

    /** The inserted row's value of a column, in ON DUPLICATE KEY UPDATE. */
    String inserted(String quotedColumn) {
        return this == MYSQL ? "tailrace_new." + quotedColumn : "VALUES(" + quotedColumn + ")";
    }
}
