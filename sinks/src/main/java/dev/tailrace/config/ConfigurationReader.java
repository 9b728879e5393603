package dev.tailrace.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one YAML file, the environment and the files that it refers to into a {@link Configuration}. Never throws for
 * what is wrong with them: everything becomes a {@link Finding}.
 */
public final class ConfigurationReader {
    private static final int LARGEST_FILE = 1 << 20;

    private final Function<String, @Nullable String> environment;

    /** @param environment gives a variable's value, null when it is not set */
    public ConfigurationReader(Function<String, @Nullable String> environment) {
        this.environment = Objects.requireNonNull(environment, "environment");
    }

    /** A reader that sees the environment of this process. */
    public static ConfigurationReader ofProcess() {
        return new ConfigurationReader(System::getenv);
    }

    public Configuration read(Path file) {
        ConfigurationProblems problems = new ConfigurationProblems();
        Path directory = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
        SettingsContext context = new SettingsContext(problems, new References(environment, directory));
        String text = text(file, problems);
        var root = text == null ? null : new YamlDocument(file, problems).root(text);
        return new Configuration(YamlSettings.root(root, context), problems, root != null);
    }

    private static @Nullable String text(Path file, ConfigurationProblems problems) {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                return unreadable(problems, file, "is a directory", "give the file, with -c FILE");
            }
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LARGEST_FILE + 1);
            }
        } catch (NoSuchFileException e) {
            return unreadable(
                    problems,
                    file,
                    "does not exist",
                    "give the file with -c FILE; the installation's conf/tailrace.yaml is one to begin with");
        } catch (AccessDeniedException e) {
            return unreadable(problems, file, "may not be read by this user", "chgrp tailrace FILE && chmod 640 FILE");
        } catch (IOException e) {
            return unreadable(problems, file, "cannot be read: " + e.getMessage(), "");
        }
        if (bytes.length > LARGEST_FILE) {
            return unreadable(problems, file, "is larger than 1 MiB and no configuration", "");
        }
        if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
            return unreadable(problems, file, "is UTF-16 text", "save it as UTF-8");
        }
        int from = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0; // editors on Windows put a mark before UTF-8 text
        ByteBuffer content = ByteBuffer.wrap(bytes, from, bytes.length - from);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < content.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            return unreadable(problems, file, "is not UTF-8 text: see line " + line, "save it as UTF-8");
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String unreadable(
            ConfigurationProblems problems, Path file, String message, String remedy) {
        problems.add(ConfigurationProblems.FILE, file.toString(), 0, message, remedy.replace("FILE", file.toString()));
        return null;
    }
}
