package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import dev.tailrace.admin.StatusJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code tailrace init}: writes a configuration to begin with. Connects to nothing. */
final class InitVerb implements Verb {
    private static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> urls = new ArrayList<>();

    @Parameter(names = {"-o", "--output"})
    private @Nullable String output;

    @Parameter(names = "--name")
    private @Nullable String agent;

    @Parameter(names = "--data-dir")
    private @Nullable String dataDirectory;

    @Parameter(names = "--force")
    private boolean force;

    private record SourcePart(String type, String host, int port) {}

    private record Result(String file, String name, SourcePart source, List<String> next) {}

    @Override
    public String name() {
        return "init";
    }

    @Override
    public String summary() {
        return "write a configuration for the database that a URL names";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace init URL [-o FILE] [--name N] [--data-dir DIR] [--force] [--json]

                Writes a configuration that captures a PostgreSQL or MySQL database into files below data-dir,
                with examples of the other sinks. Connects to nothing. A password in the URL is not written: the
                file takes it from an environment variable, which is named.

                  URL             postgres://user@host:5432/database or mysql://user@host:3306/database, also
                                  with jdbc: in front
                  -o FILE         where to write; default tailrace.yaml in this directory
                  --name N        of the agent; default made of the database's name
                  --data-dir DIR  for journal and state; default /var/lib/tailrace/N
                  --force         replaces FILE when it exists
                  --json          {"file","name","source":{"type","host","port"},"next":[]}

                Exit codes: 0 written; 1 FILE cannot be written; 2 the command line is wrong, or FILE exists.

                Example:
                  tailrace init postgres://tailrace@127.0.0.1:5432/shop -o shop.yaml
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) throws Failure {
        SourceUrl source = SourceUrl.parse(url());
        String name = Objects.requireNonNullElse(agent, FirstConfiguration.defaultName(source.database()));
        if (!name.matches(NAME_FORM)) {
            throw usage("--name is not 1 to 63 letters, digits, - and _, beginning with a letter or digit");
        }
        Path directory = path(Objects.requireNonNullElse(dataDirectory, "/var/lib/tailrace/" + name))
                .toAbsolutePath()
                .normalize();
        // here -c names the file, too, which every other verb reads
        Path file =
                path(Objects.requireNonNullElse(output, Objects.requireNonNullElse(options.config, "tailrace.yaml")));
        FirstConfiguration configuration = new FirstConfiguration(name, directory.toString(), source);
        write(file, configuration.text());
        List<String> next = List.of(
                "set " + configuration.passwordVariable() + " in the environment to the password of user "
                        + source.user(),
                "tailrace check -c " + file,
                "tailrace run -c " + file);
        if (options.json) {
            terminal.out()
                    .println(StatusJson.pretty(new Result(
                            file.toString(), name, new SourcePart(source.type(), source.host(), source.port()), next)));
        } else {
            terminal.out().println("wrote " + file);
            notes(source, configuration).forEach(note -> terminal.out().println("note: " + note));
            terminal.out().println("\nNext:");
            next.forEach(step -> terminal.out().println("  " + step));
        }
        return ExitCode.DONE;
    }

    private static List<String> notes(SourceUrl source, FirstConfiguration configuration) {
        List<String> notes = new ArrayList<>();
        if (source.hasPassword()) {
            notes.add("the URL's password was not written; the file takes it from " + configuration.passwordVariable());
        }
        if (!source.leftOut().isEmpty()) {
            notes.add("the configuration has no place for these parameters of the URL: "
                    + String.join(", ", source.leftOut()));
        }
        return notes;
    }

    private String url() throws Failure {
        for (String word : urls) {
            if (word.startsWith("-")) {
                throw usage("there is no option " + word);
            }
        }
        if (urls.size() != 1) {
            throw usage("init takes one URL");
        }
        return urls.get(0);
    }

    private static Path path(String text) throws Failure {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw usage("not the name of a file: " + e.getReason());
        }
    }

    private void write(Path file, String text) throws Failure {
        try {
            if (force) {
                Files.writeString(file, text);
            } else {
                Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "INIT-EXISTS",
                    file + " exists and was left as it is",
                    "Write another one with -o FILE, or replace it with --force.",
                    e);
        } catch (NoSuchFileException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "INIT-WRITE",
                    file + " cannot be written: there is no directory "
                            + file.toAbsolutePath().getParent(),
                    "Make it, or name another file with -o FILE.",
                    e);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    "INIT-WRITE",
                    file + " cannot be written: " + e.getClass().getSimpleName(),
                    "Name a file that this user may write with -o FILE.",
                    e);
        }
    }

    private static Failure usage(String message) {
        return new Failure(
                ExitCode.CONFIGURATION, "USAGE", message, "tailrace init postgres://user@host:5432/database", null);
    }
}
