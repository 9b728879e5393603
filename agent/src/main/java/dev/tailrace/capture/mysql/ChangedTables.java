package dev.tailrace.capture.mysql;

import dev.tailrace.capture.mysql.StatementTokens.Token;
import dev.tailrace.event.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a statement that is in the log itself, instead of the rows that it changed, has changed.
 *
 * @param kind how much can be told
 * @param target the one table that it changed, when that is certain
 * @param named all that could be the name of a table, when it is not
 */
record ChangedTables(Kind kind, Optional<TableId> target, List<TableId> named) {
    /** How much can be told. */
    enum Kind {
        /** It is no statement that changes rows. */
        NONE,
        /** It makes or drops a temporary table, which is no table to anybody else, whatever its name. */
        TEMPORARY,
        ONE,
        /** Several tables are named, of which one or the other is changed. */
        SOME,
        /** A function changed rows, and the statement does not say of which tables. */
        UNTOLD
    }

    private static final ChangedTables NONE = new ChangedTables(Kind.NONE, Optional.empty(), List.of());
    private static final ChangedTables UNTOLD = new ChangedTables(Kind.UNTOLD, Optional.empty(), List.of());

    private static final ChangedTables TEMPORARY = new ChangedTables(Kind.TEMPORARY, Optional.empty(), List.of());

    private static final Set<String> OPTIONS =
            Set.of("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "CONCURRENT", "LOCAL", "INTO");

    /**
     * @param database of names that have none of their own
     * @param ansiQuotes whether double quotes enclose names
     * @param backslashEscapes whether a backslash escapes in a text
     */
    static ChangedTables of(String sql, String database, boolean ansiQuotes, boolean backslashEscapes) {
        StatementTokens tokens = new StatementTokens(sql, ansiQuotes, backslashEscapes);
        Reader reader = new Reader(tokens, database);
        String verb = reader.verb();
        Optional<TableId> target;
        switch (verb) {
            case "INSERT", "REPLACE" -> target = reader.target();
            case "LOAD" -> {
                reader.advance();
                if (!reader.is("DATA") && !reader.is("XML")) {
                    return NONE;
                }
                target = reader.loaded();
            }
            case "UPDATE" -> target = reader.target().filter(table -> reader.isAloneBefore(Set.of("SET")));
            case "DELETE" -> target = reader.deleted();
            case "CREATE" -> {
                reader.advance();
                if (reader.is("TEMPORARY")) {
                    return TEMPORARY;
                }
                target = reader.made();
                if (!reader.queryFollows()) {
                    return NONE;
                }
            }
            case "DROP" -> {
                reader.advance();
                return reader.is("TEMPORARY") ? TEMPORARY : NONE; // the engine would take it for the real one
            }
            case "SELECT", "DO" -> {
                return UNTOLD; // in the log only because a function that it calls has changed something
            }
            default -> {
                return NONE;
            }
        }
        return target.isPresent()
                ? new ChangedTables(Kind.ONE, target, List.of())
                : new ChangedTables(
                        Kind.SOME,
                        Optional.empty(),
                        names(new StatementTokens(sql, ansiQuotes, backslashEscapes), database));
    }

    private static List<TableId> names(StatementTokens tokens, String database) {
        List<TableId> names = new ArrayList<>();
        Token token = tokens.next();
        while (token != null) {
            List<String> chain = new ArrayList<>();
            while (token != null && token.isName()) {
                chain.add(token.text());
                token = tokens.next();
                if (token == null || !token.isSign('.')) {
                    break;
                }
                token = tokens.next();
            }
            if (chain.isEmpty()) {
                token = tokens.next();
                continue;
            }
            names.add(new TableId(database, chain.get(0)));
            if (chain.size() > 1) {
                names.add(new TableId(chain.get(0), chain.get(1)));
            }
        }
        return names;
    }

    /** Reads the beginning of a statement, one token ahead. */
    private static final class Reader {
        private final StatementTokens tokens;
        private final String database;
        private @Nullable Token token;

        Reader(StatementTokens tokens, String database) {
            this.tokens = tokens;
            this.database = database;
            this.token = tokens.next();
        }

        void advance() {
            token = tokens.next();
        }

        boolean is(String keyword) {
            return token != null && token.is(keyword);
        }

        private boolean isSign(char sign) {
            return token != null && token.isSign(sign);
        }

        /** What the statement does, in upper case; of what begins with common table expressions, what is behind them. */
        String verb() {
            while (isSign('(')) {
                advance();
            }
            if (is("WITH")) {
                while (token != null && !is("UPDATE") && !is("DELETE") && !is("SELECT")) {
                    advance();
                    passParentheses();
                }
            }
            return token == null ? "" : token.text().toUpperCase(Locale.ROOT);
        }

        private void passParentheses() {
            int depth = 0;
            while (token != null && (depth > 0 || isSign('('))) {
                depth += isSign('(') ? 1 : isSign(')') ? -1 : 0;
                advance();
            }
        }

        /** The table behind the verb and its options. */
        Optional<TableId> target() {
            advance();
            passOptions();
            return name();
        }

        private void passOptions() {
            while (token != null
                    && token.kind() == StatementTokens.Kind.WORD
                    && OPTIONS.contains(token.text().toUpperCase(Locale.ROOT))) {
                advance();
            }
        }

        Optional<TableId> name() {
            Token first = token;
            if (first == null || !first.isName()) {
                return Optional.empty();
            }
            advance();
            if (!isSign('.')) {
                return Optional.of(new TableId(database, first.text()));
            }
            advance();
            Token second = token;
            if (second == null || !second.isName()) {
                return Optional.empty();
            }
            advance();
            return isSign('.') ? Optional.empty() : Optional.of(new TableId(first.text(), second.text()));
        }

        /** Whether no other table stands before one of these words. */
        boolean isAloneBefore(Set<String> words) {
            while (token != null) {
                if (token.kind() == StatementTokens.Kind.WORD
                        && words.contains(token.text().toUpperCase(Locale.ROOT))) {
                    return true;
                }
                if (isSign(',') || isSign('.') || is("JOIN") || is("STRAIGHT_JOIN") || is("USING")) {
                    return false;
                }
                advance();
                passParentheses(); // names of partitions
            }
            return words.contains("WHERE");
        }

        Optional<TableId> deleted() {
            advance();
            passOptions();
            if (!is("FROM")) {
                return Optional.empty();
            }
            advance();
            return name().filter(table -> isAloneBefore(Set.of("WHERE", "ORDER", "LIMIT")));
        }

        Optional<TableId> loaded() {
            while (token != null) {
                boolean into = is("INTO");
                advance();
                if (into && is("TABLE")) {
                    advance();
                    return name();
                }
            }
            return Optional.empty();
        }

        /** The table that a CREATE TABLE makes. */
        Optional<TableId> made() {
            if (!is("TABLE")) {
                token = null; // nothing else fills what it makes
                return Optional.empty();
            }
            advance();
            while (is("IF") || is("NOT") || is("EXISTS")) {
                advance();
            }
            return name();
        }

        /** Whether the rest of a CREATE TABLE fills it. Where the rows are logged, the query is not. */
        boolean queryFollows() {
            while (token != null) {
                if (is("SELECT") || is("TABLE")) {
                    return true;
                }
                boolean values = is("VALUES");
                advance();
                if (values && is("ROW")) {
                    return true;
                }
            }
            return false;
        }
    }
}
