package dev.tailrace.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:/path}} inside a value. A doubled dollar sign before the brace makes it
 * literal. A file's name may hold {@code ${env:..}}; what was put in is never expanded again.
 */
final class References {
    private static final long LARGEST_FILE = 64 << 10;

    private final Function<String, @Nullable String> environment;
    private final Path directory;

    /** @param directory against which relative file names are resolved */
    References(Function<String, @Nullable String> environment, Path directory) {
        this.environment = environment;
        this.directory = directory;
    }

    /**
     * @param text the value
     * @param origins {@code env NAME}, {@code file /path} for each reference; empty when there was none
     */
    record Expanded(String text, List<String> origins) {
        boolean fromFile() {
            return origins.stream().anyMatch(origin -> origin.startsWith("file "));
        }
    }

    /** What is wrong with a reference. The message never holds a value that was read. */
    static final class BadReference extends Exception {
        private static final long serialVersionUID = 1L;

        BadReference(String message) {
            super(message);
        }
    }

    Expanded expand(String text) throws BadReference {
        List<String> origins = new ArrayList<>();
        return new Expanded(expand(text, origins), List.copyOf(origins));
    }

    private String expand(String text, List<String> origins) throws BadReference {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int start = text.indexOf("${", at);
            if (start < 0) {
                return result.append(text, at, text.length()).toString();
            }
            if (start > at && text.charAt(start - 1) == '$') {
                result.append(text, at, start - 1).append("${");
                at = start + 2;
                continue;
            }
            result.append(text, at, start);
            int end = matchingBrace(text, start);
            result.append(resolve(text.substring(start + 2, end), origins));
            at = end + 1;
        }
        return result.toString();
    }

    private static int matchingBrace(String text, int start) throws BadReference {
        int depth = 0;
        for (int i = start; i < text.length(); i++) {
            if (text.startsWith("${", i)) {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        throw new BadReference("has a ${ without its }; write $${ for a literal ${");
    }

    private String resolve(String body, List<String> origins) throws BadReference {
        if (body.startsWith("env:")) {
            String name = body.substring("env:".length()).trim();
            if (name.isEmpty()) {
                throw new BadReference("has ${env:} without the name of a variable");
            }
            String value = environment.apply(name);
            if (value == null) {
                throw new BadReference("needs the environment variable " + name + ", which is not set");
            }
            origins.add("env " + name);
            return value;
        }
        if (body.startsWith("file:")) {
            return content(expand(body.substring("file:".length()).trim(), new ArrayList<>()), origins);
        }
        throw new BadReference("has a reference other than ${env:NAME} and ${file:/path}; write $${ for a literal ${");
    }

    private String content(String name, List<String> origins) throws BadReference {
        try {
            Path file = directory.resolve(name);
            if (Files.isDirectory(file)) {
                throw new BadReference("needs the file " + file + ", which is a directory");
            }
            byte[] bytes;
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes((int) LARGEST_FILE + 1);
            }
            if (bytes.length > LARGEST_FILE) {
                throw new BadReference("needs the file " + file + ", which is larger than 64 KiB: no secret is");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            origins.add("file " + file);
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (InvalidPathException e) {
            throw new BadReference("needs a file whose name is not one");
        } catch (NoSuchFileException e) {
            throw new BadReference("needs the file " + e.getFile() + ", which does not exist");
        } catch (CharacterCodingException e) {
            throw new BadReference("needs the file " + name + ", which is not UTF-8 text");
        } catch (IOException e) {
            throw new BadReference("needs the file " + name + ", which cannot be read by this user ("
                    + e.getClass().getSimpleName() + ")");
        }
    }
}
