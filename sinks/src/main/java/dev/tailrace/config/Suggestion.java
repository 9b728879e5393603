package dev.tailrace.config;

import java.util.Collection;
import java.util.Locale;

/** The known word that somebody who wrote an unknown one probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code did you mean "x"?}, or a list of what there is, or empty when there is nothing to offer. */
    public static String among(Collection<String> known, String written) {
        String nearest = "";
        int distance = Integer.MAX_VALUE;
        for (String word : known) {
            int d = distance(plain(word), plain(written));
            if (d < distance) {
                distance = d;
                nearest = word;
            }
        }
        if (distance <= Math.max(1, Math.min(plain(written).length(), nearest.length()) / 3)) {
            return "did you mean \"" + nearest + "\"?";
        }
        return known.isEmpty() ? "" : "known are: " + String.join(", ", known);
    }

    /** {@code dataDir}, {@code data_dir} and {@code DATA-DIR} are the same slip. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
