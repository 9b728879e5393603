package dev.tailrace.sink.jdbc;

import dev.tailrace.sink.jdbc.SqlErrors.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The file of a database that runs inside of this process, looked at before the driver opens it: a mistyped path, or a
 * disk that is not mounted, must not become a new and empty database.
 */
public final class DatabaseFile {

    private DatabaseFile() {}

    /**
     * Whether there is one already.
     *
     * @throws Problem when it is no file that could be written, or could not be created
     */
    public static boolean exists(Path file) throws Problem {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new Problem(file + " is a directory, not the file of a database", SqlErrors.DATABASE);
        }
        if (!Files.isDirectory(directory)) {
            throw new Problem("there is no directory " + directory, SqlErrors.DATABASE);
        }
        if (!Files.isWritable(directory)) {
            throw new Problem(
                    "directory " + directory
                            + " cannot be written by this agent's user, and the database needs files of"
                            + " its own beside " + file.getFileName(),
                    SqlErrors.NOT_GRANTED);
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new Problem(file + " cannot be written by this agent's user", SqlErrors.NOT_GRANTED);
        }
        return Files.exists(file);
    }

    /** What is wrong with the file, or with what the driver needs. Its message holds no row's values. */
    public static final class Problem extends SQLException {
        private static final long serialVersionUID = 1L;

        private final transient Verdict verdict;

        public Problem(String message, Verdict verdict) {
            super(message);
            this.verdict = verdict;
        }

        public Verdict verdict() {
            return verdict;
        }
    }
}
