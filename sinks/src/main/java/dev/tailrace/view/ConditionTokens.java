package dev.tailrace.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts the text of a condition into words, quoted names, literals and signs. */
final class ConditionTokens {
    private static final Pattern TOKEN = Pattern.compile("(?<space>\\s+)"
            + "|(?<number>[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?)"
            + "|(?<text>'([^']|'')*')"
            + "|(?<quoted>\"([^\"]|\"\")+\"|`([^`]|``)+`)"
            + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)"
            + "|(?<sign><>|!=|<=|>=|[=<>(),])");

    private ConditionTokens() {}

    /** What a token is. */
    enum Kind {
        /** A keyword or a plain name. */
        WORD,
        QUOTED,
        NUMBER,
        TEXT,
        SIGN,
        END
    }

    /**
     * One token.
     *
     * @param value what it stands for: the name or text without quotes, a number, else the token itself
     * @param position of its first character
     */
    record Token(Kind kind, Object value, int position) {

        /** Whether it is that keyword or sign. */
        boolean is(String word) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && value.toString().equalsIgnoreCase(word);
        }

        String shown() {
            return kind == Kind.END ? "the end" : kind == Kind.TEXT ? "a text" : "\"" + value + "\"";
        }
    }

    static List<Token> of(String text) throws ConditionProblem {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                boolean quote = "'\"`".indexOf(text.charAt(at)) >= 0;
                throw new ConditionProblem(
                        at, quote ? "the quote is never closed" : "\"" + text.charAt(at) + "\" means nothing here");
            }
            if (matcher.group("space") == null) {
                tokens.add(token(matcher, at));
            }
            at = matcher.end();
        }
        tokens.add(new Token(Kind.END, "", text.length()));
        return tokens;
    }

    private static Token token(Matcher matcher, int at) {
        String whole = matcher.group();
        if (matcher.group("number") != null) {
            return new Token(Kind.NUMBER, new BigDecimal(whole), at);
        }
        if (matcher.group("text") != null) {
            return new Token(Kind.TEXT, unquoted(whole), at);
        }
        if (matcher.group("quoted") != null) {
            return new Token(Kind.QUOTED, unquoted(whole), at);
        }
        return matcher.group("word") != null
                ? new Token(Kind.WORD, whole, at)
                : new Token(Kind.SIGN, whole.equals("!=") ? "<>" : whole.toLowerCase(Locale.ROOT), at);
    }

    /** A quote inside is written twice. */
    private static String unquoted(String whole) {
        String quote = whole.substring(0, 1);
        return whole.substring(1, whole.length() - 1).replace(quote + quote, quote);
    }
}
