package dev.tailrace.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Hides what must not be shown from values that are shown. When in doubt it hides too much. */
public final class Masking {
    /** What stands in for a secret. */
    public static final String MASK = "********";

    private static final Pattern USER_INFO = Pattern.compile("(://[^:/?#@\\s]*:)\\S+@");
    private static final Pattern PARAMETER = Pattern.compile(
            "(?i)([?&;][^=&;\\s]*(?:passw|pwd|passphrase|secret|token|credential|key|signature)[^=&;\\s]*=)[^&;#\\s]*");
    private static final Pattern SECRET_KEY =
            Pattern.compile("passw|pwd|passphrase|secret|token|credential|api-?key|private-?key|authorization|cookie");

    private Masking() {}

    /** A text with the passwords inside URLs masked: behind a user's name and in query parameters. */
    public static String url(String text) {
        String masked = PARAMETER.matcher(text).replaceAll("$1" + MASK);
        return USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
    }

    /** Whether the name of a key says that its value is secret. */
    static boolean namesSecret(String key) {
        return SECRET_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
    }
}
