package dev.tailrace.capture.mysql;

import java.util.ArrayList;
import java.util.List;

/**
 * The members of an ENUM or a SET, from the literals of the statement that declared them. The log and the snapshot carry
 * numbers; the engine's own way from there to text takes a comma or a backslash in a member for something else.
 */
final class Members {
    private final List<String> members;

    private Members(List<String> members) {
        this.members = members;
    }

    /**
     * @param literals each as the statement spells it, in quotes
     * @throws IllegalArgumentException for one that is no plain quoted literal
     */
    static Members of(List<String> literals) {
        List<String> members = new ArrayList<>(literals.size());
        for (String literal : literals) {
            members.add(member(literal));
        }
        return new Members(List.copyOf(members));
    }

    private static String member(String literal) {
        char quote = literal.isEmpty() ? ' ' : literal.charAt(0);
        if (literal.length() < 2 || (quote != '\'' && quote != '"') || literal.charAt(literal.length() - 1) != quote) {
            throw new IllegalArgumentException(
                    "a member of an ENUM or SET is declared by something else than a literal in" + " quotes");
        }
        if (literal.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException(
                    "a member of an ENUM or SET was declared over a connection whose character"
                            + " set the log does not tell");
        }
        StringBuilder member = new StringBuilder(literal.length());
        for (int i = 1; i < literal.length() - 1; i++) {
            char c = literal.charAt(i);
            if (c == quote) {
                i++; // doubled
            } else if (c == '\\' && i + 1 < literal.length() - 1) {
                i++;
                c = escaped(literal.charAt(i));
            }
            member.append(c);
        }
        // the server does not keep them
        int end = member.length();
        while (end > 0 && member.charAt(end - 1) == ' ') {
            end--;
        }
        return member.substring(0, end);
    }

    private static char escaped(char c) {
        return switch (c) {
            case '0' -> '\0';
            case 'b' -> '\b';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'Z' -> '\032';
            default -> c;
        };
    }

    /** @param number from 1 on; 0 is the empty text that stands for what is no member */
    String member(long number) {
        return number == 0 ? "" : get(number - 1);
    }

    /** @param bits the first member is the lowest bit */
    String set(long bits) {
        StringBuilder text = new StringBuilder();
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            text.append(text.isEmpty() ? "" : ",").append(get(Long.numberOfTrailingZeros(rest)));
        }
        return text.toString();
    }

    private String get(long index) {
        if (index < 0 || index >= members.size()) {
            throw new IllegalArgumentException("the ENUM or SET has no member number " + (index + 1));
        }
        return members.get((int) index);
    }
}
