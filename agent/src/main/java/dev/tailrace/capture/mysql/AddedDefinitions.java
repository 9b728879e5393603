package dev.tailrace.capture.mysql;

import dev.tailrace.capture.mysql.StatementTokens.Kind;
import dev.tailrace.capture.mysql.StatementTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The columns that an ALTER TABLE adds or renames, read from its own text: the engine's parser keeps no expression, and
 * takes the time of the statement for 1970.
 */
final class AddedDefinitions {
    private static final Set<String> NO_COLUMNS = Set.of(
            "INDEX", "KEY", "UNIQUE", "PRIMARY", "FOREIGN", "CONSTRAINT", "FULLTEXT", "SPATIAL", "CHECK", "PARTITION");
    private static final Set<String> CLOCKS = Set.of("CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP");

    private static final Set<String> INTRODUCERS = Set.of("_UTF8MB4", "_UTF8MB3", "_UTF8");
    private static final String SESSION = "came by a statement whose texts depend on the session that ran it";

    private final List<Token> tokens = new ArrayList<>();
    private final boolean escapes;
    private final Map<String, ColumnBirth> births = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private AddedDefinitions(String sql) {
        escapes = sql.indexOf('\\') >= 0;
        StatementTokens scanner = new StatementTokens(sql, false, true);
        for (Token token = scanner.next(); token != null; token = scanner.next()) {
            tokens.add(token);
        }
    }

    /** By column, whose names do not differ by case. */
    static Map<String, ColumnBirth> of(String sql) {
        AddedDefinitions found = new AddedDefinitions(sql);
        found.read();
        return found.births;
    }

    private boolean is(int at, String keyword) {
        return at < tokens.size() && tokens.get(at).is(keyword);
    }

    private boolean isSign(int at, char sign) {
        return at < tokens.size() && tokens.get(at).isSign(sign);
    }

    private void read() {
        for (int at = 0; at < tokens.size(); at++) {
            if (isSign(at, '(')) {
                at = closing(at);
            } else if (is(at, "ADD")) {
                at = added(at + 1) - 1;
            } else if (is(at, "CHANGE")) {
                renamed(is(at + 1, "COLUMN") ? at + 3 : at + 2);
            } else if (is(at, "RENAME") && is(at + 1, "COLUMN")) {
                renamed(at + 4);
            }
        }
    }

    private void renamed(int name) {
        if (name < tokens.size() && tokens.get(name).isName()) {
            births.put(tokens.get(name).text(), ColumnBirth.of(ColumnBirth.Kind.RENAMED));
        }
    }

    /** @return where what was added ends */
    private int added(int from) {
        int at = is(from, "COLUMN") ? from + 1 : from;
        if (is(at, "IF") && is(at + 1, "NOT") && is(at + 2, "EXISTS")) {
            at += 3;
        }
        if (!isSign(at, '(')) {
            int end = end(at, tokens.size());
            definition(at, end);
            return end;
        }
        int close = closing(at);
        for (int begin = at + 1; begin < close; ) {
            int end = end(begin, close);
            definition(begin, end);
            begin = end + 1;
        }
        return close + 1;
    }

    /** The next comma outside of parentheses. */
    private int end(int from, int to) {
        for (int at = from; at < to; at++) {
            if (isSign(at, '(')) {
                at = closing(at);
            } else if (isSign(at, ',')) {
                return at;
            }
        }
        return to;
    }

    private int closing(int open) {
        int depth = 0;
        for (int at = open; at < tokens.size(); at++) {
            depth += isSign(at, '(') ? 1 : isSign(at, ')') ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        return tokens.size() - 1;
    }

    private void definition(int from, int to) {
        if (from >= to || !tokens.get(from).isName()) {
            return;
        }
        Token name = tokens.get(from);
        if (name.kind() == Kind.WORD && NO_COLUMNS.stream().anyMatch(name::is)) {
            return;
        }
        births.put(name.text(), birth(from + 1, to));
    }

    private ColumnBirth birth(int type, int to) {
        boolean required = false;
        ColumnBirth told = null;
        for (int at = type; at < to; at++) {
            if (isSign(at, '(')) {
                at = closing(at);
            } else if (is(at, "AUTO_INCREMENT") || is(at, "SERIAL")) {
                return ColumnBirth.unknown("counts its rows");
            } else if (is(at, "AS")) {
                return ColumnBirth.unknown("is computed for every row");
            } else if (is(at, "NOT") && is(at + 1, "NULL")) {
                required = true;
            } else if (is(at, "DEFAULT")) {
                told = value(at + 1, to, members(type));
            }
        }
        if (told != null) {
            return told;
        }
        if (!required) {
            return ColumnBirth.of(ColumnBirth.Kind.NULL);
        }
        String first = members(type).stream().findFirst().orElse("");
        return dependsOnSession(first)
                ? ColumnBirth.unknown(SESSION)
                : new ColumnBirth(ColumnBirth.Kind.IMPLICIT, first);
    }

    /** What a backslash means is a session's choice, and its bytes may be of another character set than ours. */
    private boolean dependsOnSession(String text) {
        return (escapes && !text.isEmpty()) || text.indexOf('\uFFFD') >= 0;
    }

    private List<String> members(int type) {
        List<String> members = new ArrayList<>();
        if ((is(type, "ENUM") || is(type, "SET")) && isSign(type + 1, '(')) {
            for (int at = type + 2; at < closing(type + 1); at++) {
                if (tokens.get(at).kind() == Kind.TEXT) {
                    members.add(tokens.get(at).text());
                }
            }
        }
        return members;
    }

    private ColumnBirth value(int from, int to, List<String> members) {
        if (isSign(from, '(')) {
            int close = closing(from);
            @Nullable ColumnBirth inner = literal(from + 1, close, members);
            return inner != null && literalEnd(from + 1, close) == close
                    ? inner
                    : ColumnBirth.unknown("has an expression for its default");
        }
        if (from < to && CLOCKS.stream().anyMatch(tokens.get(from)::is)) {
            return ColumnBirth.unknown("came with the time of the statement");
        }
        ColumnBirth literal = literal(from, to, members);
        return literal == null ? ColumnBirth.unknown("has a default that is not understood") : literal;
    }

    private @Nullable ColumnBirth literal(int from, int to, List<String> members) {
        if (from >= to) {
            return null;
        }
        Token first = tokens.get(from);
        if (first.is("NULL")) {
            return ColumnBirth.of(ColumnBirth.Kind.NULL);
        }
        if (first.is("TRUE") || first.is("FALSE")) {
            return new ColumnBirth(ColumnBirth.Kind.LITERAL, first.is("TRUE") ? "1" : "0");
        }
        boolean quotes = from + 1 < to && tokens.get(from + 1).kind() == Kind.TEXT;
        if (quotes && (first.is("X") || first.is("B"))) {
            return new ColumnBirth(
                    first.is("X") ? ColumnBirth.Kind.HEX : ColumnBirth.Kind.BITS,
                    tokens.get(from + 1).text());
        }
        if (quotes && first.text().startsWith("_") && INTRODUCERS.stream().noneMatch(first::is)) {
            return ColumnBirth.unknown("came with a text in a character set of its own");
        }
        boolean introduced = quotes && (first.text().startsWith("_") || isTemporal(first));
        if (first.kind() == Kind.TEXT || introduced) {
            return text(introduced ? from + 1 : from, to, members);
        }
        return number(from, to);
    }

    private static boolean isTemporal(Token token) {
        return token.is("DATE") || token.is("TIME") || token.is("TIMESTAMP");
    }

    private ColumnBirth text(int from, int to, List<String> members) {
        StringBuilder text = new StringBuilder();
        for (int at = from; at < to && tokens.get(at).kind() == Kind.TEXT; at++) {
            text.append(tokens.get(at).text());
        }
        String whole = text.toString();
        if (dependsOnSession(whole)) {
            return ColumnBirth.unknown(SESSION);
        }
        if (members.isEmpty()) {
            return new ColumnBirth(ColumnBirth.Kind.LITERAL, whole);
        }
        return members.stream()
                .filter(whole::equalsIgnoreCase)
                .findFirst()
                .map(member -> new ColumnBirth(ColumnBirth.Kind.LITERAL, member))
                .orElse(
                        whole.isEmpty()
                                ? new ColumnBirth(ColumnBirth.Kind.LITERAL, "")
                                : ColumnBirth.unknown("has several members, or a number, for its default"));
    }

    private @Nullable ColumnBirth number(int from, int to) {
        int end = literalEnd(from, to);
        StringBuilder text = new StringBuilder();
        for (int at = from; at < end; at++) {
            text.append(tokens.get(at).text());
        }
        String number = text.toString();
        if (number.regionMatches(true, 0, "0x", 0, 2)) {
            return new ColumnBirth(ColumnBirth.Kind.HEX, number.substring(2));
        }
        return number.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)")
                ? new ColumnBirth(ColumnBirth.Kind.LITERAL, number)
                : null;
    }

    /** Where a literal ends that begins there: texts with what introduces them, a number with its sign, or a word. */
    private int literalEnd(int from, int to) {
        int at = from;
        if (at + 1 < to
                && tokens.get(at).kind() == Kind.WORD
                && tokens.get(at + 1).kind() == Kind.TEXT) {
            at++;
        }
        if (at < to && tokens.get(at).kind() == Kind.TEXT) {
            while (at < to && tokens.get(at).kind() == Kind.TEXT) {
                at++;
            }
            return at;
        }
        at += isSign(at, '-') || isSign(at, '+') ? 1 : 0;
        if (at < to && !isSign(at, '.') && !startsWithDigit(tokens.get(at))) {
            return at + 1;
        }
        while (at < to && (isSign(at, '.') || startsWithDigit(tokens.get(at)))) {
            at++;
        }
        return at;
    }

    private static boolean startsWithDigit(Token token) {
        return token.kind() == Kind.WORD && Character.isDigit(token.text().charAt(0));
    }
}
