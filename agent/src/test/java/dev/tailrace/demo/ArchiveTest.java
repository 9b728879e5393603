package dev.tailrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The archive's replay gives the rows that the lines tell, and notices a lost, repeated or misplaced line. */
@ExtendWith(ServerExtension.class)
class ArchiveTest {
    private static final List<String> LINES = List.of(
            "{'id':'1','op':'r','schema':'public','table':'customers','after':{'id':1,'email':'a','name':'n','tags':['x',null,'a,\\'b\\''],"
                    + "'profile':'{\\'a\\': 1.50}','credit':'1.10','born':'infinity','photo':'AP9/','last_address':'10.0.0.1',"
                    + "'created_at':'2025-11-24T16:00:00.123456Z','seen_at':null}}",
            "{'id':'2','op':'c','schema':'public','table':'order_items','after':{'order_id':1,'line':1,'sku':'s','quantity':1,'price':'2.00'}}",
            "{'id':'3','op':'u','schema':'public','table':'order_items','before':{'order_id':1,'line':1},"
                    + "'after':{'order_id':1,'line':2,'sku':'s','quantity':2,'price':'2.00'}}",
            "{'id':'4','op':'u','schema':'public','table':'customers','after':{'id':1,'email':'b','credit':'2.00'},'absent':['name']}",
            "{'id':'5','op':'c','schema':'public','table':'orders','after':{'id':9,'customer_id':1,'status':'paid','total':'NaN',"
                    + "'reference':'00000000-0000-0000-0000-000000000001','placed_at':'-infinity','note':'ü'}}",
            "{'id':'6','op':'d','schema':'public','table':'orders','before':{'id':9}}");

    @TempDir
    Path directory;

    private Shop shop;
    private Connection scratch;

    @BeforeEach
    void emptyShop(EmbeddedServer embedded) throws Exception {
        shop = embedded.openShop("archive");
        scratch = shop.connect();
    }

    @AfterEach
    void drop() throws Exception {
        scratch.close();
        shop.close();
    }

    @Test
    void replayGivesTheRows() throws Exception {
        write(LINES);
        assertThat(archive().ids().all()).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(archive().replay("public", shop)).isEmpty();
        assertThat(row("customers"))
                .isEqualTo("(1,b,n,\"{x,NULL,\"\"a,\\\\\"\"b\\\\\"\"\"\"}\",\"{\"\"a\"\": 1.50}\",2.00,infinity,"
                        + "\"\\\\x00ff7f\",10.0.0.1,\"2025-11-24 16:00:00.123456+00\",)");
        assertThat(row("order_items")).isEqualTo("(1,2,s,2,2.00)");
        assertThat(row("orders")).isEmpty();
    }

    /** What waited for a target of rows that a snapshot brought anew may be forgotten; nothing else. */
    @Test
    void rowsThatASnapshotBringsAnewAreNotOwed() throws Exception {
        String rows = "pg-7-s2-000000000000000";
        write(List.of(
                "{'id':'" + rows + "0','op':'r','schema':'public','table':'orders','after':{'id':1}}",
                "{'id':'" + rows + "1','op':'r','schema':'public','table':'customers','after':{'id':1}}",
                "{'id':'pg-7-00000000-0000000001a2b3c4-00000000','op':'t','schema':'public','table':'customers'}",
                "{'id':'" + rows + "2','op':'t','schema':'public','table':'orders'}",
                "{'id':'" + rows + "3','op':'r','schema':'public','table':'orders','after':{'id':1}}"));
        assertThat(archive().owed())
                .containsExactly(rows + "1", "pg-7-00000000-0000000001a2b3c4-00000000", rows + "2", rows + "3");
    }

    @Test
    void aRepeatedLineIsNoticed() throws Exception {
        List<String> lines = new ArrayList<>(LINES);
        lines.add(2, LINES.get(1));
        write(lines);
        assertThat(archive().ids().repeated()).containsExactly("2");
        assertThat(archive().replay("public", shop))
                .containsExactly("archive: 2 of order_items inserts a key that was there");
    }

    @Test
    void aLostOrMisplacedLineIsNoticed() throws Exception {
        write(List.of(LINES.get(0), LINES.get(2), LINES.get(1), LINES.get(5)));
        assertThat(archive().replay("public", shop))
                .containsExactly(
                        "archive: 3 of order_items updates a row that was not there",
                        "archive: 6 of orders deletes a row that was not there");
    }

    /** The judge compares these with what the receiver got. */
    @Test
    void whatALineSaysIsTold() throws Exception {
        write(LINES);
        Map<String, Long> digests = archive().digests();
        assertThat(digests).containsOnlyKeys("1", "2", "3", "4", "5", "6");
        List<String> lines = new ArrayList<>(LINES);
        lines.set(4, LINES.get(4).replace("NaN", "1"));
        lines.set(0, LINES.get(0).replace("AP9/", "AP8/"));
        write(lines);
        Map<String, Long> other = archive().digests();
        assertThat(digests.keySet()).allSatisfy(id -> {
            if (id.equals("5") || id.equals("1")) {
                assertThat(other.get(id)).isNotEqualTo(digests.get(id));
            } else {
                assertThat(other.get(id)).isEqualTo(digests.get(id));
            }
        });
    }

    private Archive archive() {
        return new Archive(directory);
    }

    private void write(List<String> lines) throws Exception {
        List<String> json = lines.stream()
                .map(line -> line.replace("\\'", "\0").replace('\'', '"').replace("\0", "\\\""))
                .toList();
        Path sealed = directory.resolve("changes").resolve("0000000001-a.jsonl");
        Path open = directory.resolve("changes").resolve("0000000002-b.jsonl.part");
        Files.createDirectories(open.getParent());
        Files.write(sealed, json.subList(0, 1));
        Files.write(open, json.subList(1, json.size()));
        long valid = Files.size(open);
        Files.writeString(open, "what is not committed", StandardOpenOption.APPEND);
        Files.writeString(
                directory.resolve("manifest.jsonl"),
                "{\"file\":\"changes/0000000001-a.jsonl\",\"bytes\":" + Files.size(sealed) + "}\n");
        Files.createDirectories(directory.resolve("_tailrace"));
        Files.writeString(
                directory.resolve("_tailrace").resolve("checkpoint.json"),
                "{\"open\":[{\"file\":\"changes/0000000002-b.jsonl\",\"bytes\":" + valid + "}]}\ncrc\n");
    }

    private String row(String table) throws Exception {
        try (Statement statement = scratch.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet result = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
                return result.next() ? result.getString(1) : "";
            }
        }
    }
}
