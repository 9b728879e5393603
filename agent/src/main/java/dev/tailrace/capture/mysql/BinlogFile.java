package dev.tailrace.capture.mysql;

/** Names of the binary log's files: {@code binlog.000012} is number 12. */
final class BinlogFile {
    private BinlogFile() {}

    /** What all files of a log have in common: {@code binlog}. */
    static String base(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /** @throws IllegalArgumentException for a name that does not end in a number */
    static long number(String name) {
        int dot = name.lastIndexOf('.');
        try {
            return Long.parseLong(name.substring(dot + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the log file " + name + " has no number", e);
        }
    }
}
