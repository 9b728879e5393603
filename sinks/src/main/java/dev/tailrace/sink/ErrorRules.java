package dev.tailrace.sink;

import dev.tailrace.config.Settings;
import dev.tailrace.sink.SinkException.Disposition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator says of a target's errors, before the sink's own table is asked.
 *
 * @param dispositions by the target's own name of the error: SQLSTATE, its first two characters, number, HTTP status
 */
public record ErrorRules(Map<String, Disposition> dispositions) {
    public static final ErrorRules NONE = new ErrorRules(Map.of());

    private static final Map<String, Disposition> WORDS =
            Map.of("retry", Disposition.RETRY, "reject", Disposition.REJECT, "halt", Disposition.HALT);

    public ErrorRules {
        dispositions = Map.copyOf(dispositions);
    }

    /**
     * Reads the key {@code errors}.
     *
     * @param form of an error's name, a regular expression
     * @param example shown to whoever wrote another form
     */
    public static ErrorRules read(Settings settings, String form, String example) {
        Map<String, Disposition> dispositions = new LinkedHashMap<>();
        settings.passThrough("errors").forEach((name, word) -> {
            Disposition disposition = WORDS.get(word);
            if (!name.matches(form)) {
                settings.nested("errors").problem(name, "is no error such as " + example);
            } else if (disposition == null) {
                settings.nested("errors").problem(name, "is not retry, reject or halt");
            } else {
                dispositions.put(name, disposition);
            }
        });
        return new ErrorRules(dispositions);
    }

    /** @param names of the error, the most exact one first */
    public Optional<Disposition> of(String... names) {
        for (String name : names) {
            Disposition told = dispositions.get(name);
            if (told != null) {
                return Optional.of(told);
            }
        }
        return Optional.empty();
    }
}
