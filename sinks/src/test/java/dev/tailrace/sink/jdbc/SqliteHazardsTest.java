package dev.tailrace.sink.jdbc;

import static dev.tailrace.sink.jdbc.JdbcTarget.number;
import static dev.tailrace.sink.jdbc.JdbcTarget.table;
import static dev.tailrace.sink.jdbc.JdbcTarget.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailrace.config.Finding;
import dev.tailrace.event.Column;
import dev.tailrace.event.TableId;
import dev.tailrace.event.TableSchema;
import dev.tailrace.event.ValueType;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkException.Disposition;
import dev.tailrace.sink.jdbc.sqlite.SqliteDialect;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SQLite does without a word: values converted, keys merged, texts for names; and who else writes to the file. */
@WritesTo(TestServer.SQLITE)
class SqliteHazardsTest extends TargetSuite {
    private static final TableSchema ITEM = table(1, "item", List.of(0), number("id"), text("name"));
    private static final TableSchema NAMED = table(2, "named", List.of(0), text("name"), number("n"));
    private static final TableSchema PRICE = table(
            3,
            "price",
            List.of(0),
            number("id"),
            new Column("amount", "numeric", 10, 2, true, ValueType.DECIMAL, null));

    @Test
    void aDecimalIsKeptDigitForDigit() throws Exception {
        stream.insert(PRICE, 1L, new BigDecimal("1.10")).commit();
        target.write(stream);
        assertThat(target.query("SELECT amount, typeof(amount) FROM price")).containsExactly("1.10|text");
    }

    /** Of an affinity that would make 1.1 of 1.10. */
    @Test
    void aNumericColumnIsRefusedForDecimals() throws Exception {
        target.prepared(
                "CREATE TABLE price (id integer PRIMARY KEY, amount DECIMAL(10,2))",
                "INSERT INTO price VALUES (1, '1.10')");
        assertThat(target.query("SELECT amount FROM price")).containsExactly("1.1");
        assertThat(target.halted(PRICE))
                .hasMessageContaining("1.10 would become 1.1")
                .extracting(SinkException::code)
                .isEqualTo("JDBC-SHAPE");
        assertThat(target.preflight(PRICE)).extracting(Finding::code).contains("JDBC-SHAPE");
    }

    @Test
    void aTextThatWouldBecomeANumberIsRefused() throws Exception {
        target.prepared("CREATE TABLE item (id integer PRIMARY KEY, name numeric)");
        stream.insert(ITEM, 1L, "007").commit();
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
        assertThat(failure.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(failure.code()).isEqualTo("JDBC-VALUE");
        assertThat(failure).hasMessageContaining("column name").hasMessageNotContaining("007");
        ChangeStream plain = new ChangeStream();
        plain.insert(ITEM, 1L, "seven").commit();
        target.write(plain);
        assertThat(target.query("SELECT name FROM item")).containsExactly("seven");
    }

    /** A table is created inside of the transaction, and gone with what is undone of it. */
    @Test
    void theFirstRowOfANewTableIsRefusedByItsValue() throws Exception {
        TableSchema zero =
                table(4, "zero", List.of(0), number("id"), Column.of("d", "float8", ValueType.FLOAT64, true));
        stream.insert(ITEM, 1L, "a").commit();
        stream.insert(zero, 1L, -0.0).commit();
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
        assertThat(failure.code()).isEqualTo("JDBC-VALUE");
        assertThat(failure.rejected()).hasSize(1);
        ChangeStream mended = new ChangeStream();
        mended.insert(ITEM, 1L, "a").commit();
        mended.insert(zero, 1L, 0.0).commit();
        target.write(mended);
        assertThat(target.query("SELECT name, d FROM item JOIN zero USING (id)"))
                .containsExactly("a|0.0");
    }

    @Test
    void keysThatDifferByCaseOrSpaceAreDifferentRows() throws Exception {
        stream.insert(NAMED, "a", 1L)
                .insert(NAMED, "A", 2L)
                .insert(NAMED, "a ", 3L)
                .update(NAMED, "a ", 33L)
                .delete(NAMED, "A")
                .commit();
        target.write(stream);
        assertThat(target.query("SELECT n FROM named ORDER BY n")).containsExactly("1", "33");
    }

    @Test
    void aKeyThatIgnoresCaseIsRefused() throws Exception {
        target.prepared("CREATE TABLE named (name text COLLATE NOCASE PRIMARY KEY, n integer)");
        assertThat(target.halted(NAMED)).hasMessageContaining("collation NOCASE");
        target.prepared(
                "DROP TABLE named",
                "CREATE TABLE named (name text PRIMARY KEY, n integer)",
                "CREATE UNIQUE INDEX loose ON named (name COLLATE NOCASE)");
        target.open(1, NAMED);
    }

    @Test
    void namesThatDifferByCaseAreOne() {
        TableSchema twins = table(4, "twins", List.of(0), number("id"), text("Id"));
        assertThat(target.halted(twins)).hasMessageContaining("differ only by case");
        TableSchema upper = new TableSchema(5, new TableId("public", "ITEM"), 1, ITEM.columns(), ITEM.key());
        assertThat(target.halted(ITEM, upper).code()).isEqualTo("JDBC-TARGET-NAME");
    }

    /** In double quotes the name of a column that is gone would be taken for a text, which equals no key. */
    @Test
    void aKeyColumnThatIsGoneIsNoticed() throws Exception {
        stream.insert(ITEM, 1L, "a").commit();
        target.open(1, ITEM);
        target.write(stream);
        target.prepared("ALTER TABLE item RENAME COLUMN id TO other");
        ChangeStream next = new ChangeStream();
        next.commit();
        next.delete(ITEM, 1L).commit();
        SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(next));
        assertThat(failure.code()).isEqualTo("JDBC-SHAPE");
    }

    @Test
    @Timeout(600)
    void anInterruptEndsTheWaitForAnotherWriter() throws Exception {
        target.open(1, ITEM);
        stream.insert(ITEM, 1L, "a").commit();
        CountDownLatch writing = new CountDownLatch(1);
        try (Connection other = TestServer.SQLITE.connect(target.database)) {
            TestPostgres.run(other, "BEGIN IMMEDIATE");
            CompletableFuture<SinkException> outcome = new CompletableFuture<>();
            Thread writer = new Thread(
                    () -> {
                        writing.countDown();
                        outcome.complete(catchThrowableOfType(SinkException.class, () -> target.write(stream)));
                    },
                    "waiting-writer");
            writer.start();
            writing.await();
            while (!isWaiting(writer)) {
                Thread.onSpinWait();
            }
            writer.interrupt();
            SinkException failure = outcome.get(120, TimeUnit.SECONDS);
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            assertThat(failure.code()).isEqualTo("JDBC-INTERRUPTED");
        }
    }

    private static boolean isWaiting(Thread writer) {
        for (StackTraceElement frame : writer.getStackTrace()) {
            if (frame.getClassName().endsWith("LockWait")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anotherWriterIsWaitedForNoLongerThanAStatementMayTake() throws Exception {
        target.with("statement-timeout", "1s").open(1, ITEM);
        stream.insert(ITEM, 1L, "a").commit();
        try (Connection other = TestServer.SQLITE.connect(target.database)) {
            TestPostgres.run(other, "BEGIN IMMEDIATE");
            SinkException failure = catchThrowableOfType(SinkException.class, () -> target.write(stream));
            assertThat(failure.code()).isEqualTo("JDBC-BUSY");
            assertThat(failure.disposition()).isEqualTo(Disposition.RETRY);
            TestPostgres.run(other, "ROLLBACK");
        }
        target.open(2, ITEM);
        target.write(stream);
        assertThat(target.query("SELECT name FROM item")).containsExactly("a");
    }

    /** Whatever the url asks for. */
    @Test
    void commitsAreOnTheDiskAndForeignKeysAreChecked() throws Exception {
        target.with(
                "url",
                TestServer.SQLITE.url(target.database) + "?synchronous=OFF&journal_mode=DELETE&foreign_keys=OFF");
        JdbcSettings settings = ((JdbcSinkFactory.JdbcDefinition) target.definition()).settings();
        try (Connection connection = new SqliteDialect().connect(settings)) {
            assertThat(TestPostgres.query(connection, "PRAGMA synchronous"))
                    .as("FULL")
                    .containsExactly("2");
            assertThat(TestPostgres.query(connection, "PRAGMA journal_mode")).containsExactly("wal");
            assertThat(TestPostgres.query(connection, "PRAGMA foreign_keys")).containsExactly("1");
        }
    }

    @Test
    void rowsThatReferToEachOtherComeInOneTransaction() throws Exception {
        TableSchema node = table(6, "node", List.of(0), number("id"), number("next"));
        target.prepared("CREATE TABLE node (id integer PRIMARY KEY, next integer REFERENCES node (id))");
        stream.insert(node, 1L, 2L).insert(node, 2L, 1L).commit();
        target.write(stream);
        assertThat(target.query("SELECT * FROM node ORDER BY id")).containsExactly("1|2", "2|1");
    }

    @Test
    void whatIsNoDatabaseIsLeftAlone() throws Exception {
        Path file = TestFiles.DIRECTORY.resolve(target.database + ".db");
        Files.writeString(file, "not a database, however long it may be ".repeat(100));
        assertThat(target.halted().code()).isEqualTo("JDBC-DATABASE");
        assertThat(target.preflight()).extracting(Finding::code).containsExactly("JDBC-DATABASE");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(target.halted()).hasMessageContaining("is a directory");
        for (String url : List.of("jdbc:sqlite:", "jdbc:sqlite::memory:", "jdbc:sqlite:file:x?mode=memory")) {
            target.with("url", url);
            assertThat(target.halted().code()).isEqualTo("JDBC-DATABASE");
        }
    }

    @Test
    void aLookLeavesNoFileBehind() {
        assertThat(target.preflight(ITEM)).isEmpty();
        assertThat(TestFiles.DIRECTORY.resolve(target.database + ".db")).doesNotExist();
    }

    @Test
    void aDamagedPageHalts() throws Exception {
        for (long id = 0; id < 2000; id++) {
            stream.insert(ITEM, id, "name " + id);
        }
        stream.commit();
        target.write(stream);
        target.close();
        Path file = TestFiles.DIRECTORY.resolve(target.database + ".db");
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 8192, bytes.length, (byte) 0x5A);
        Files.write(file, bytes);
        SinkException failure = catchThrowableOfType(SinkException.class, () -> {
            target.open(2, ITEM);
            ChangeStream next = new ChangeStream();
            next.commit();
            for (long id = 0; id < 2000; id++) {
                next.delete(ITEM, id);
            }
            next.commit();
            target.write(next);
        });
        assertThat(failure.code()).isEqualTo("JDBC-DAMAGED");
        assertThat(failure.disposition()).isEqualTo(Disposition.HALT);
    }
}
