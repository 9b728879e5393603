package dev.tailrace.demo;

/** The sources that suites run against. */
public enum SourceKind {
    POSTGRES,
    MYSQL_GTID,
    /** Its transactions are known by file and position alone. */
    MYSQL_POSITIONS
}
