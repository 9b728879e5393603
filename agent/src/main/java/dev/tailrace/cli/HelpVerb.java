package dev.tailrace.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParametersDelegate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code tailrace help [VERB]}. */
final class HelpVerb implements Verb {
    @ParametersDelegate
    private final VerbOptions options = new VerbOptions();

    @Parameter
    private List<String> words = new ArrayList<>();

    private final Supplier<Map<String, Verb>> verbs;

    HelpVerb(Supplier<Map<String, Verb>> verbs) {
        this.verbs = verbs;
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "show the verbs, or the help of one";
    }

    @Override
    public String help() {
        return """
                Usage: tailrace help [VERB]

                Example:
                  tailrace help check
                """;
    }

    @Override
    public VerbOptions options() {
        return options;
    }

    @Override
    public int run(Terminal terminal) {
        Verb verb = words.isEmpty() ? null : verbs.get().get(words.get(0));
        terminal.out().print(verb == null ? Main.overview(verbs.get()) : verb.help());
        return ExitCode.DONE;
    }
}
