package dev.tailrace.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a MySQL committed: the files of its binary log, read from its disk with a parser of their own. It holds nothing at
 * the server; files must not be purged before they were read. One thread.
 */
final class BinlogTruth extends Truth {
    private static final Pattern TRUNCATE = Pattern.compile(
            "\\s*TRUNCATE\\s+(?:TABLE\\s+)?(?:[`\"]?(?<database>\\w+)[`\"]?\\s*\\.\\s*)?[`\"]?(?<table>[^`\"]+?)[`\"]?\\s*",
            Pattern.CASE_INSENSITIVE);

    private final Path data;
    private final Predicate<String> databases;
    private final String source;
    private final List<BinlogEvent> open = new ArrayList<>();
    private String file;
    private BinlogFileReader reader;

    private BinlogTruth(Path data, Predicate<String> databases, String source, String file, long position)
            throws IOException {
        this.data = data;
        this.databases = databases;
        this.source = source;
        this.file = file;
        this.reader = new BinlogFileReader(data.resolve(file), position);
    }

    /**
     * Everything committed from here on is known.
     *
     * @param data directory of the server, which writes its log there under {@code binlog.NNNNNN}
     * @param databases whose changes are wanted
     */
    static BinlogTruth begin(Connection connection, Path data, Predicate<String> databases)
            throws SQLException, IOException {
        try (connection;
                Statement statement = connection.createStatement()) {
            String uuid;
            try (ResultSet result = statement.executeQuery("SELECT @@server_uuid")) {
                result.next();
                uuid = result.getString(1);
            }
            try (ResultSet result = statement.executeQuery("SHOW BINARY LOG STATUS")) {
                result.next();
                return new BinlogTruth(data, databases, "my-" + uuid, result.getString(1), result.getLong(2));
            }
        }
    }

    @Override
    public void read() throws IOException {
        List<String> files = Files.readAllLines(data.resolve("binlog.index")).stream()
                .map(line -> Path.of(line).getFileName().toString())
                .toList();
        if (!files.contains(file)) {
            throw new IOException(file + " was purged before it was read");
        }
        for (String next : files.subList(files.indexOf(file), files.size())) {
            if (!next.equals(file)) {
                reader.close();
                open.clear();
                file = next;
                reader = new BinlogFileReader(data.resolve(file), BinlogFileReader.FIRST);
            }
            reader.read(this::take);
        }
    }

    /** What a crash left incomplete at the end of a file was not committed. */
    private void take(BinlogEvent event) {
        switch (event.kind()) {
            case TRANSACTION -> open.clear();
            case ROWS -> open.add(event);
            case COMMIT -> {
                beginTransaction();
                open.forEach(this::addRows);
                open.clear();
            }
            case STATEMENT -> truncation(event);
        }
    }

    private void addRows(BinlogEvent event) {
        if (databases.test(event.database())) {
            for (int row = 0; row < event.rows(); row++) {
                add(id(event.position(), row), event.table(), event.operation());
            }
        }
    }

    private void truncation(BinlogEvent event) {
        Matcher truncate = TRUNCATE.matcher(event.statement());
        if (truncate.matches()) {
            String named = truncate.group("database");
            if (databases.test(named == null ? event.database() : named)) {
                beginTransaction();
                add(id(event.position(), 0), truncate.group("table"), 'T');
            }
        }
    }

    private String id(long at, long ordinal) {
        long number = Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
        return String.format(Locale.ROOT, "%s-%08x-%016x-%08x", source, number, at, ordinal);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
