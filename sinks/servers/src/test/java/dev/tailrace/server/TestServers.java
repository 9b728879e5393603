package dev.tailrace.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The servers of the tests. A suite that uses them says so with {@link RequiresServer}. The servers that are made here
 * stop, and their directories go, when the JVM ends. Any thread.
 */
public final class TestServers {
    /** For {@link #newMysql}: a source that Debezium can follow by GTIDs. */
    public static final List<String> GTID =
            List.of("--server-id=1", "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--binlog-row-image=FULL");

    /** A commit survives kill -9, not a loss of power; it is quicker that way. */
    private static final List<String> QUICK = List.of("--sync-binlog=0", "--innodb-flush-log-at-trx-commit=2");

    private static @Nullable MysqlHome home;
    private static @Nullable MysqlServer mysql;
    private static @Nullable MysqlServer mysqlWithoutGtids;
    private static @Nullable MariadbServer mariadb;

    /** A home, or why there is none. */
    private record MysqlHome(@Nullable Path path, String why) {}

    private TestServers() {}

    /** Root of the checkout. */
    static Path house() {
        return Path.of(System.getProperty("tailrace.house"));
    }

    /** Why there is no such server; empty when there is one. */
    static Optional<String> missing(RequiresServer.Kind kind) {
        return switch (kind) {
            case MYSQL -> findMysql().path() == null ? Optional.of(findMysql().why()) : Optional.empty();
            case MARIADB ->
                MariadbPrograms.available()
                        ? Optional.empty()
                        : Optional.of("MariaDB's programs on the class path are for Linux on x86-64.");
        };
    }

    /** One MySQL with {@link #GTID} for all suites of this JVM; make a database of your own in it. It is never stopped. */
    public static synchronized MysqlServer mysql() throws IOException {
        if (mysql == null) {
            MysqlServer started = newMysql(GTID.toArray(String[]::new));
            started.start();
            mysql = started;
        }
        return mysql;
    }

    /** The same with transactions that are known by file and position alone. */
    public static synchronized MysqlServer mysqlWithoutGtids() throws IOException {
        if (mysqlWithoutGtids == null) {
            MysqlServer started = newMysql("--server-id=7", "--gtid-mode=OFF");
            started.start();
            mysqlWithoutGtids = started;
        }
        return mysqlWithoutGtids;
    }

    /** One MariaDB for all suites of this JVM; make a database of your own in it. It is never stopped. */
    public static synchronized MariadbServer mariadb() throws IOException {
        if (mariadb == null) {
            MariadbServer started = newMariadb();
            started.start();
            mariadb = started;
        }
        return mariadb;
    }

    /** The programs of MySQL. */
    public static Path mysqlHome() {
        Path path = findMysql().path();
        if (path == null) {
            throw new IllegalStateException(findMysql().why() + " The suite needs @RequiresServer.");
        }
        return path;
    }

    /** A MySQL of the caller's own, not started yet. */
    public static MysqlServer newMysql(String... options) throws IOException {
        Path path = mysqlHome();
        Path directory = Files.createTempDirectory("tailrace-mysql");
        MysqlServer server = MysqlServer.prepare(path, directory, withQuick(options));
        removeAtEnd(server, directory);
        return server;
    }

    /** A MariaDB of the caller's own, not started yet. */
    public static synchronized MariadbServer newMariadb(String... options) throws IOException {
        Path directory = Files.createTempDirectory("tailrace-mariadb");
        MariadbServer server = MariadbServer.prepare(
                MariadbPrograms.unpack(Path.of("target/mariadb").toAbsolutePath()), directory, withQuick(options));
        removeAtEnd(server, directory);
        return server;
    }

    private static String[] withQuick(String... options) {
        List<String> all = new ArrayList<>(QUICK);
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    /** Asks the script that knows where the servers are; it fetches nothing then. */
    private static synchronized MysqlHome findMysql() {
        if (home == null) {
            try {
                Process script = new ProcessBuilder(
                                house().resolve("scripts/lib/mysql-server").toString(), "--present")
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .start();
                String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                home = script.waitFor() == 0
                        ? new MysqlHome(Path.of(said), "")
                        : new MysqlHome(null, said.replace('\n', ' '));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return home;
    }

    private static void removeAtEnd(DatabaseServer server, Path directory) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(server, directory), "remove " + directory));
    }

    private static void remove(DatabaseServer server, Path directory) {
        try {
            // Nothing of it is kept: no need for a graceful stop.
            server.killIfRunning();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
