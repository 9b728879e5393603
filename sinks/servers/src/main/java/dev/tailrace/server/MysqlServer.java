package dev.tailrace.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A MySQL server. */
public final class MysqlServer extends DatabaseServer {
    private final Path mysqld;

    private MysqlServer(Path mysqld, Path directory, List<String> options) throws IOException {
        super(directory, options);
        this.mysqld = mysqld;
    }

    /**
     * A server that does not run yet; makes its data directory unless there is one, which takes some seconds.
     *
     * @param home with {@code bin/mysqld} or {@code sbin/mysqld}, as {@code scripts/lib/mysql-server} prints it
     * @param directory for its data and its log
     * @param options of mysqld for every start, for example {@code --gtid-mode=ON --enforce-gtid-consistency=ON}
     */
    public static MysqlServer prepare(Path home, Path directory, String... options) throws IOException {
        Path mysqld = Stream.of("bin/mysqld", "sbin/mysqld")
                .map(home.toAbsolutePath()::resolve)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no bin/mysqld and no sbin/mysqld in " + home));
        MysqlServer server = new MysqlServer(mysqld, directory, List.of(options));
        server.prepare();
        return server;
    }

    @Override
    List<String> program() {
        return List.of(
                mysqld.toString(),
                "--no-defaults",
                // The one that is built in may not exist here, and then the server does not start.
                "--secure-file-priv=NULL",
                // No second protocol, which would want a port of its own.
                "--loose-mysqlx=0");
    }

    @Override
    void initialize() throws IOException {
        Path superuser = directory().resolve("superuser.sql");
        Files.write(superuser, SUPERUSER);
        List<String> command = new ArrayList<>(List.of(
                mysqld.toString(),
                "--no-defaults",
                "--initialize-insecure",
                "--secure-file-priv=NULL",
                "--datadir=" + data(),
                "--init-file=" + superuser));
        command.addAll(asUser());
        run(command, new File("/dev/null"));
    }
}
