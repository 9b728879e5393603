package dev.tailrace.cli;

import com.beust.jcommander.JCommander;
import com.beust.jcommander.MissingCommandException;
import com.beust.jcommander.ParameterException;
import dev.tailrace.admin.SinkOrder;
import dev.tailrace.admin.StatusJson;
import dev.tailrace.config.Suggestion;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The program: finds the verb, runs it, and ends the process with its exit code. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** The whole program but the end of the process. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        Terminal terminal = new Terminal(out, err);
        Map<String, Verb> verbs = verbs();
        JCommander.Builder builder = JCommander.newBuilder().programName("tailrace");
        VerbOptions global = new VerbOptions();
        builder.addObject(global);
        verbs.forEach(builder::addCommand);
        JCommander commander = builder.build();
        try {
            commander.parse(args);
        } catch (MissingCommandException e) {
            err.print(unknownVerb(e.getUnknownCommand(), verbs));
            return ExitCode.CONFIGURATION;
        } catch (ParameterException e) {
            String word = firstWord(args);
            Verb known = word == null ? null : verbs.get(word);
            err.println("tailrace: " + reason(e));
            err.println(
                    known == null
                            ? "'tailrace help' lists the verbs."
                            : "\n" + known.help().stripTrailing());
            return ExitCode.CONFIGURATION;
        }
        String parsed = commander.getParsedCommand();
        Verb verb = parsed == null ? null : verbs.get(parsed);
        if (verb == null) {
            (global.help ? out : err).print(overview(verbs));
            return global.help ? ExitCode.DONE : ExitCode.CONFIGURATION;
        }
        if (verb.options().help || global.help) {
            out.print(verb.help());
            return ExitCode.DONE;
        }
        // Options in front of the verb count like those behind it.
        verb.options().json |= global.json;
        if (verb.options().config == null) {
            verb.options().config = global.config;
        }
        return run(verb, terminal);
    }

    private static @Nullable String firstWord(String[] args) {
        for (String arg : args) {
            if (!arg.startsWith("-")) {
                return arg;
            }
        }
        return null;
    }

    /** JCommander takes a misspelt option for a word and says so in words of its own. */
    private static String reason(ParameterException e) {
        String message = String.valueOf(e.getMessage());
        Matcher matcher =
                Pattern.compile("Was passed main parameter '([^']*)'.*").matcher(message);
        return matcher.matches() ? "there is no option " + matcher.group(1) : message;
    }

    private static int run(Verb verb, Terminal terminal) {
        try {
            return verb.run(terminal);
        } catch (Failure e) {
            if (verb.options().json) {
                terminal.out().println(StatusJson.compact(Map.of("error", error(e))));
            } else {
                terminal.err().println("tailrace: " + e.code() + ": " + e.getMessage());
                if (!e.remedy().isEmpty()) {
                    e.remedy().lines().forEach(line -> terminal.err().println("  " + line));
                }
            }
            return e.exitCode();
        }
    }

    private static Map<String, String> error(Failure e) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("code", e.code());
        error.put("message", String.valueOf(e.getMessage()));
        error.put("remedy", e.remedy());
        return error;
    }

    private static Map<String, Verb> verbs() {
        Map<String, Verb> verbs = new LinkedHashMap<>();
        List<Verb> all = new ArrayList<>(List.of(
                new RunVerb(),
                new CheckVerb(),
                new InitVerb(),
                new StatusVerb(),
                new JournalVerb(),
                new SchemaVerb(),
                new DlqVerb(),
                new SinkOrderVerb(SinkOrder.PAUSE),
                new SinkOrderVerb(SinkOrder.RESUME),
                new OrdersVerb(),
                new OffsetsVerb(),
                new DemoVerb(),
                new VersionVerb()));
        all.add(new HelpVerb(() -> verbs));
        all.forEach(verb -> verbs.put(verb.name(), verb));
        return verbs;
    }

    static String overview(Map<String, Verb> verbs) {
        List<List<String>> rows = new ArrayList<>();
        verbs.values().forEach(verb -> rows.add(List.of("  " + verb.name(), verb.summary())));
        return "Tailrace: changes of a database, delivered to HTTP, JDBC and file targets.\n\n"
                + "Usage: tailrace VERB [options]\n\n"
                + Terminal.table(rows)
                + "\n'tailrace VERB --help' shows the options of a verb and an example.\n";
    }

    private static String unknownVerb(String word, Map<String, Verb> verbs) {
        return "tailrace: there is no verb \"" + word + "\"; " + Suggestion.among(verbs.keySet(), word)
                + "\n'tailrace help' lists the verbs.\n";
    }
}
