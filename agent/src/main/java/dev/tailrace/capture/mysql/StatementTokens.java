package dev.tailrace.capture.mysql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The words, names, texts and signs of a statement as the server's own scanner takes them apart, as far as names matter.
 * Comments are passed over, but not what a server executes of them; hints are comments.
 */
final class StatementTokens {
    /** What a token is. */
    enum Kind {
        /** Not quoted: a keyword, a name or a number. */
        WORD,
        /** A quoted name. */
        NAME,
        TEXT,
        SIGN
    }

    /** @param text without quotes */
    record Token(Kind kind, String text) {
        /** @param keyword in upper case */
        boolean is(String keyword) {
            return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(keyword);
        }

        boolean isSign(char sign) {
            return kind == Kind.SIGN && text.charAt(0) == sign;
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }
    }

    private final String sql;
    private final boolean ansiQuotes;
    private final boolean backslashEscapes;
    private int at;
    private int executed;

    /**
     * @param ansiQuotes whether double quotes enclose names
     * @param backslashEscapes whether a backslash in a text keeps the next character from ending it
     */
    StatementTokens(String sql, boolean ansiQuotes, boolean backslashEscapes) {
        this.sql = sql;
        this.ansiQuotes = ansiQuotes;
        this.backslashEscapes = backslashEscapes;
    }

    /** The next token, null at the end. */
    @Nullable
    Token next() {
        pass();
        if (at >= sql.length()) {
            return null;
        }
        char c = sql.charAt(at);
        if (c == '`' || c == '"' && ansiQuotes) {
            return new Token(Kind.NAME, quoted(c, false));
        }
        if (c == '\'' || c == '"') {
            return new Token(Kind.TEXT, quoted(c, backslashEscapes));
        }
        if (!isWord(c)) {
            at++;
            return new Token(Kind.SIGN, String.valueOf(c));
        }
        int begin = at;
        while (at < sql.length() && isWord(sql.charAt(at))) {
            at++;
        }
        return new Token(Kind.WORD, sql.substring(begin, at));
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '_'
                || c == '$'
                || c >= 0x80;
    }

    private String quoted(char quote, boolean escapes) {
        StringBuilder text = new StringBuilder();
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == quote) {
                if (at >= sql.length() || sql.charAt(at) != quote) {
                    break;
                }
                at++;
            } else if (c == '\\' && escapes && at < sql.length()) {
                c = sql.charAt(at++);
            }
            text.append(c);
        }
        return text.toString();
    }

    /** Passes over blanks and comments. */
    private void pass() {
        while (at < sql.length()) {
            if (sql.charAt(at) <= ' ') {
                at++;
            } else if (sql.startsWith("/*!", at)) {
                at += 3;
                executed++;
                while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                    at++;
                }
            } else if (sql.startsWith("/*", at)) {
                passBehind("*/", at + 2);
            } else if (executed > 0 && sql.startsWith("*/", at)) {
                at += 2;
                executed--;
            } else if (sql.charAt(at) == '#' || isDashComment()) {
                passBehind("\n", at);
            } else {
                return;
            }
        }
    }

    private boolean isDashComment() {
        return sql.startsWith("--", at) && (at + 2 >= sql.length() || sql.charAt(at + 2) <= ' ');
    }

    private void passBehind(String end, int from) {
        int found = sql.indexOf(end, from);
        at = found < 0 ? sql.length() : found + end.length();
    }
}
