package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of {@code docs/types.md}, as the tests have seen it: between its two marks the page is what was tested. {@code
 * -Dtailrace.docs=write} puts it there.
 */
final class TypesPage {
    private final String section;
    private final List<String> lines = new ArrayList<>();

    /** @param section name in the marks */
    TypesPage(String section, String... columns) {
        this.section = section;
        row(List.of(columns));
        row(List.of(columns).stream().map(column -> "---").toList());
    }

    void row(List<String> cells) {
        lines.add(cells.stream()
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |"))
                .replace("|  |", "| |"));
    }

    static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    void check() throws IOException {
        Path page = Path.of(System.getProperty("tailrace.house"), "docs", "types.md");
        String text = Files.readString(page);
        String begin = "<!-- generated: " + section + " -->\n";
        String end = "<!-- end: " + section + " -->\n";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        assertThat(text).contains(begin).contains(end);
        String tested = "\n" + String.join("\n", lines) + "\n\n";
        if (System.getProperty("tailrace.docs", "").equals("write")) {
            Files.writeString(page, text.substring(0, from) + tested + text.substring(to));
        } else {
            assertThat(text.substring(from, to))
                    .as("docs/types.md; the tests write it with -Dtailrace.docs=write")
                    .isEqualTo(tested);
        }
    }
}
