package dev.tailrace.sink.jdbc;

import java.util.regex.Pattern;

/** What may be shown of a JDBC URL. */
final class JdbcUrl {
    private static final Pattern PARAMETER =
            Pattern.compile("(?i)([?&;,(][^?&;,=]*(?:pass(?:word|phrase|wd)?|pwd|secret|token)[^=&;]*=)[^&;)]*");
    private static final Pattern USER_INFO = Pattern.compile("(//[^/@?:]*:)[^/]*@");

    private JdbcUrl() {}

    /** The URL with every password replaced: parameters whose name says so and {@code user:password@}. */
    static String mask(String url) {
        String masked = PARAMETER.matcher(url).replaceAll("$1********");
        return USER_INFO.matcher(masked).replaceAll("$1********@");
    }
}
