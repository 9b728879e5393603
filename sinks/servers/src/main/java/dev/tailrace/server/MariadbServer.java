package dev.tailrace.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A MariaDB server. */
public final class MariadbServer extends DatabaseServer {
    private final Path home;

    private MariadbServer(Path home, Path directory, List<String> options) throws IOException {
        super(directory, options);
        this.home = home.toAbsolutePath();
    }

    /**
     * A server that does not run yet; makes its data directory unless there is one.
     *
     * @param home with {@code bin/mariadbd} and {@code share/}, as {@link MariadbPrograms#unpack} leaves it
     * @param directory for its data and its log
     * @param options of mariadbd for every start, for example {@code --log-bin}
     */
    public static MariadbServer prepare(Path home, Path directory, String... options) throws IOException {
        MariadbServer server = new MariadbServer(home, directory, List.of(options));
        server.prepare();
        return server;
    }

    @Override
    List<String> program() {
        return List.of(
                home.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + home,
                "--lc-messages-dir=" + home.resolve("share"),
                // Else each start makes a key and a certificate of its own, for seconds.
                "--skip-ssl");
    }

    @Override
    void initialize() throws IOException {
        Files.createDirectories(data());
        Path script = directory().resolve("initialization.sql");
        // The root of those system tables asks for no password then.
        Files.write(script, List.of("CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;"));
        for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
            Files.write(
                    script,
                    Files.readAllBytes(home.resolve("share/mariadb_" + part + ".sql")),
                    StandardOpenOption.APPEND);
        }
        Files.write(script, List.of("", "FLUSH PRIVILEGES;"), StandardOpenOption.APPEND);
        Files.write(script, SUPERUSER, StandardOpenOption.APPEND);

        List<String> command = new ArrayList<>(program());
        command.addAll(asUser());
        command.addAll(List.of("--bootstrap", "--datadir=" + data(), "--tmpdir=" + directory()));
        run(command, script.toFile());
    }
}
