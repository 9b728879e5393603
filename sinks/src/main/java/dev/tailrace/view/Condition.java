package dev.tailrace.view;

import java.math.BigDecimal;
import java.util.List;

/** A condition on a row as it was written: which columns there are and what they hold is not known yet. */
sealed interface Condition {

    /** All of them, in order. */
    record And(List<Condition> parts) implements Condition {}

    /** Any of them. */
    record Or(List<Condition> parts) implements Condition {}

    record Not(Condition inner) implements Condition {}

    record IsNull(Name column) implements Condition {}

    record Compare(Name column, Operator operator, Literal literal) implements Condition {}

    /** A column's name, as the source spells it, and its place in the text. */
    record Name(String text, int position) {}

    /**
     * A value as written.
     *
     * @param value a {@link BigDecimal}, a {@link String} or a {@link Boolean}
     */
    record Literal(Object value, int position) {}

    /** How two values compare. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        boolean ordersOnly() {
            return this != EQUAL && this != NOT_EQUAL;
        }

        /** @param comparison of the column's value with the literal, as {@link Comparable#compareTo} says it */
        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case NOT_EQUAL -> comparison != 0;
                case LESS -> comparison < 0;
                case LESS_OR_EQUAL -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_OR_EQUAL -> comparison >= 0;
            };
        }
    }
}
