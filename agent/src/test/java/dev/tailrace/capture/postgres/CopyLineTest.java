package dev.tailrace.capture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyLineTest {
    @Test
    void readsColumnsBetweenTabs() {
        assertThat(columns("1\tab\t\tz\n", 4)).containsExactly("1", "ab", "", "z");
        assertThat(columns("\n", 1)).containsExactly("");
        assertThat(columns("\t\n", 2)).containsExactly("", "");
    }

    @Test
    void tellsNullFromItsLetters() {
        assertThat(columns("\\N\t\\\\N\tN\t\\N\n", 4)).containsExactly(null, "\\N", "N", null);
    }

    @Test
    void takesBackslashesOff() {
        assertThat(columns("a\\tb\\nc\\rd\\be\\ff\\vg\\\\h\t\\\\x00ff\n", 2))
                .containsExactly("a\tb\nc\rd\be\ff\u000Bg\\h", "\\x00ff");
    }

    @Test
    void readsLettersOfEveryLength() {
        assertThat(columns("é\t日本\\n語\t😀x\n", 3)).containsExactly("é", "日本\n語", "😀x");
    }

    @Test
    void refusesBytesThatAreNoText() {
        CopyLine line = new CopyLine();
        line.begin(new byte[] {'a', '\t', (byte) 0xE9, '\n'});
        assertThat(line.next()).isEqualTo("a");
        assertThatThrownBy(line::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void passesOverColumns() {
        CopyLine line = new CopyLine();
        line.begin("a\\tb\tc\t\td\n".getBytes(StandardCharsets.UTF_8));
        line.skip();
        assertThat(line.next()).isEqualTo("c");
        line.skip();
        assertThat(line.next()).isEqualTo("d");
    }

    @Test
    void noticesMissingColumns() {
        CopyLine line = new CopyLine();
        line.begin("a\n".getBytes(StandardCharsets.UTF_8));
        assertThat(line.next()).isEqualTo("a");
        assertThatThrownBy(line::next).isInstanceOf(IllegalStateException.class);
    }

    private static List<@Nullable String> columns(String row, int count) {
        CopyLine line = new CopyLine();
        line.begin(row.getBytes(StandardCharsets.UTF_8));
        List<@Nullable String> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(line.next());
        }
        return columns;
    }
}
