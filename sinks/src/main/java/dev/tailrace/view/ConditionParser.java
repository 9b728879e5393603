package dev.tailrace.view;

import dev.tailrace.view.Condition.And;
import dev.tailrace.view.Condition.Compare;
import dev.tailrace.view.Condition.IsNull;
import dev.tailrace.view.Condition.Literal;
import dev.tailrace.view.Condition.Name;
import dev.tailrace.view.Condition.Not;
import dev.tailrace.view.Condition.Operator;
import dev.tailrace.view.Condition.Or;
import dev.tailrace.view.ConditionTokens.Kind;
import dev.tailrace.view.ConditionTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a small part of SQL: comparisons of a column with a literal, {@code IS [NOT] NULL}, {@code [NOT] IN (...)}, {@code
 * [NOT] BETWEEN .. AND ..}, and {@code AND}, {@code OR}, {@code NOT} and parentheses between them.
 */
final class ConditionParser {
    private static final Set<String> KEYWORDS =
            Set.of("AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "TRUE", "FALSE");
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int next;
    private int depth;

    private ConditionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Condition parse(String text) throws ConditionProblem {
        ConditionParser parser = new ConditionParser(ConditionTokens.of(text));
        Condition condition = parser.or();
        if (parser.peek().kind() != Kind.END) {
            throw parser.expected("AND, OR or the end");
        }
        return condition;
    }

    private Condition or() throws ConditionProblem {
        List<Condition> parts = new ArrayList<>(List.of(and()));
        while (takes("OR")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.get(0) : new Or(parts);
    }

    private Condition and() throws ConditionProblem {
        List<Condition> parts = new ArrayList<>(List.of(not()));
        while (takes("AND")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.get(0) : new And(parts);
    }

    private Condition not() throws ConditionProblem {
        if (++depth > DEEPEST) {
            throw new ConditionProblem(peek().position(), "is nested too deep");
        }
        try {
            if (takes("NOT")) {
                return new Not(not());
            }
            if (takes("(")) {
                Condition inner = or();
                require(")");
                return inner;
            }
            return test();
        } finally {
            depth--;
        }
    }

    private Condition test() throws ConditionProblem {
        Name column = name();
        if (takes("IS")) {
            boolean not = takes("NOT");
            require("NULL");
            return not ? new Not(new IsNull(column)) : new IsNull(column);
        }
        boolean not = takes("NOT");
        if (takes("IN")) {
            return negated(not, in(column));
        }
        if (takes("BETWEEN")) {
            Literal low = literal();
            require("AND");
            Literal high = literal();
            return negated(
                    not,
                    new And(List.of(
                            new Compare(column, Operator.GREATER_OR_EQUAL, low),
                            new Compare(column, Operator.LESS_OR_EQUAL, high))));
        }
        if (not) {
            throw expected("IN or BETWEEN");
        }
        for (Operator operator : Operator.values()) {
            if (takes(operator.sign())) {
                return new Compare(column, operator, literal());
            }
        }
        throw expected("a comparison, IS, IN or BETWEEN");
    }

    private static Condition negated(boolean not, Condition condition) {
        return not ? new Not(condition) : condition;
    }

    private Condition in(Name column) throws ConditionProblem {
        require("(");
        List<Condition> any = new ArrayList<>();
        do {
            any.add(new Compare(column, Operator.EQUAL, literal()));
        } while (takes(","));
        require(")");
        return new Or(any);
    }

    private Name name() throws ConditionProblem {
        Token token = peek();
        boolean keyword = token.kind() == Kind.WORD
                && KEYWORDS.contains(token.value().toString().toUpperCase(Locale.ROOT));
        if (keyword || (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED)) {
            throw expected("a column");
        }
        next++;
        return new Name(token.value().toString(), token.position());
    }

    private Literal literal() throws ConditionProblem {
        Token token = peek();
        if (token.is("NULL")) {
            throw new ConditionProblem(token.position(), "nothing equals NULL; write IS NULL or IS NOT NULL");
        }
        if (token.is("TRUE") || token.is("FALSE")) {
            next++;
            return new Literal(token.is("TRUE"), token.position());
        }
        if (token.kind() != Kind.NUMBER && token.kind() != Kind.TEXT) {
            throw expected("a number, a 'text', TRUE or FALSE");
        }
        next++;
        return new Literal(token.value(), token.position());
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean takes(String word) {
        if (peek().is(word)) {
            next++;
            return true;
        }
        return false;
    }

    private void require(String word) throws ConditionProblem {
        if (!takes(word)) {
            throw expected(word);
        }
    }

    private ConditionProblem expected(String what) {
        return new ConditionProblem(peek().position(), "expected " + what + ", found " + peek().shown());
    }
}
