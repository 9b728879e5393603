package dev.tailrace.capture.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailrace.server.RequiresServer;
import dev.tailrace.server.TestServers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every character of one and two bytes of every character set, against the server. */
@RequiresServer(RequiresServer.Kind.MYSQL)
class MySqlCharsetTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void readsAsTheServerDoes() throws Exception {
        try (Connection connection = TestServers.mysql().connect("mysql");
                Statement statement = connection.createStatement()) {
            statement.execute("SET cte_max_recursion_depth = 70000");
            List<String> names = new ArrayList<>();
            try (ResultSet sets =
                    statement.executeQuery("SELECT character_set_name FROM information_schema.character_sets"
                            + " WHERE character_set_name <> 'binary'")) {
                while (sets.next()) {
                    names.add(sets.getString(1));
                }
            }
            assertThat(names).hasSizeGreaterThan(35);
            List<String> differences = new ArrayList<>();
            for (String name : names) {
                int bytes = MySqlCharset.of(name).maxLength();
                int seen = compare(statement, name, 1, "", differences);
                seen += bytes < 2 ? 0 : compare(statement, name, 2, "", differences);
                seen += name.equals("ujis") || name.equals("eucjpms")
                        ? compare(statement, name, 2, "8F", differences)
                        : 0;
                seen += name.equals("gb18030") ? compare(statement, name, 2, "8130", differences) : 0;
                seen += name.equals("utf32") ? compare(statement, name, 2, "0001", differences) : 0;
                assertThat(seen).as(name).isGreaterThan(100);
            }
            assertThat(differences).isEmpty();
        }
    }

    /** @return how many characters there were */
    private static int compare(Statement statement, String name, int bytes, String prefix, List<String> differences)
            throws SQLException {
        MySqlCharset charset = MySqlCharset.of(name);
        int seen = 0;
        String raw = "UNHEX(CONCAT('" + prefix + "', LPAD(HEX(i), " + 2 * bytes + ", '0')))";
        String text = "CONVERT(" + raw + " USING " + name + ")";
        try (ResultSet rows =
                statement.executeQuery("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE"
                        + " i + 1 < " + (bytes == 1 ? 256 : 65_536) + ") SELECT HEX(" + raw + "), HEX(CONVERT(" + text
                        + " USING utf8mb4)) FROM n WHERE CHAR_LENGTH(" + text + ") = 1 AND HEX(" + text + ") = HEX("
                        + raw + ")")) {
            while (rows.next()) {
                if (rows.getString(2) == null) {
                    continue;
                }
                String server = new String(HEX.parseHex(rows.getString(2)), StandardCharsets.UTF_8);
                byte[] coded = HEX.parseHex(rows.getString(1));
                boolean unicode = name.startsWith("utf") || name.equals("ucs2");
                if (server.isEmpty()
                        || (!unicode && server.equals("\uFFFD"))
                        || (server.equals("?") && coded[coded.length - 1] != '?')) {
                    continue; // the server has no character there
                }
                seen++;
                String ours;
                try {
                    ours = charset.decode(coded);
                } catch (IllegalArgumentException e) {
                    ours = e.getMessage();
                }
                if (!ours.equals(server)) {
                    differences.add(name + " " + rows.getString(1) + ": " + ours + " instead of " + server);
                }
            }
        }
        return seen;
    }

    /** What stands for unreadable bytes elsewhere is a character like any other in a text. */
    @Test
    void readsTheReplacementCharacterAsItself() {
        String text = "a\uFFFDb\u20AC";
        assertThat(MySqlCharset.of("utf8mb4").decode(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(text);
    }

    @Test
    void refusesWhatIsNoText() {
        assertThatThrownBy(() -> MySqlCharset.of("utf8mb4").decode(new byte[] {'a', (byte) 0xC3}))
                .hasMessageContaining("utf8mb4");
        assertThatThrownBy(() -> MySqlCharset.of("cp1250").decode(new byte[] {'a', (byte) 0x81}))
                .hasMessageContaining("cp1250");
        assertThatThrownBy(() -> MySqlCharset.of("sjis").decode(new byte[] {(byte) 0x82}))
                .hasMessageContaining("sjis");
        assertThatThrownBy(() -> MySqlCharset.of("ebcdic")).hasMessageContaining("ebcdic");
    }
}
