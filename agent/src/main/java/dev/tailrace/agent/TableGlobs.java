package dev.tailrace.agent;

import dev.tailrace.event.TableId;
import java.util.List;
import java.util.function.Predicate;

/**
 * Tables named by patterns of the form {@code schema.table}: {@code *} stands for any characters, {@code ?} for one.
 * Letters count as the source spells them.
 */
public record TableGlobs(List<String> globs) implements Predicate<TableId> {
    public TableGlobs {
        globs = List.copyOf(globs);
    }

    @Override
    public boolean test(TableId table) {
        return globs.stream().anyMatch(glob -> matches(glob, table.toString()));
    }

    /** Whether a table can exist that both a pattern of these and the given one name. */
    boolean overlaps(String other) {
        return globs.stream().anyMatch(glob -> overlap(glob, other));
    }

    private static boolean matches(String glob, String text) {
        boolean[] reached = new boolean[text.length() + 1];
        reached[0] = true;
        for (int g = 0; g < glob.length(); g++) {
            char c = glob.charAt(g);
            if (c == '*') {
                for (int i = 1; i <= text.length(); i++) {
                    reached[i] |= reached[i - 1];
                }
            } else {
                for (int i = text.length(); i > 0; i--) {
                    reached[i] = reached[i - 1] && (c == '?' || c == text.charAt(i - 1));
                }
                reached[0] = false;
            }
        }
        return reached[text.length()];
    }

    /** Walks both patterns at once: {@code meets[i][j]} says that the first i and j characters can name the same text. */
    private static boolean overlap(String one, String other) {
        boolean[][] meets = new boolean[one.length() + 1][other.length() + 1];
        meets[0][0] = true;
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                boolean meet = meets[i][j];
                if (i > 0 && one.charAt(i - 1) == '*') {
                    meet |= meets[i - 1][j] || (j > 0 && meets[i][j - 1]);
                }
                if (j > 0 && other.charAt(j - 1) == '*') {
                    meet |= meets[i][j - 1] || (i > 0 && meets[i - 1][j]);
                }
                if (i > 0 && j > 0 && same(one.charAt(i - 1), other.charAt(j - 1))) {
                    meet |= meets[i - 1][j - 1];
                }
                meets[i][j] = meet;
            }
        }
        return meets[one.length()][other.length()];
    }

    private static boolean same(char one, char other) {
        return one == '?' || other == '?' || one == '*' || other == '*' || one == other;
    }
}
